import type * as vscode from 'vscode';
import type { ImageSetNotes } from '../../annotations/imageSetNotes';
import type { DatasetSession } from './datasetSession';
import type { MarkColumns } from './markColumns';
import type { JoinedTraces } from './rollouts/joinedTraces';
import type { SetImports } from './scores/setImports';

/**
 * An image set as VS Code sees it: one for a URI, shared by every editor on it. `session` is null where Saccade cannot open
 * the URI at all, and `refusal` then says why; `edits` is null where nothing can be edited.
 */
export class DatasetDocument implements vscode.CustomDocument {
  constructor(
    readonly uri: vscode.Uri,
    readonly session: DatasetSession | null,
    readonly edits: ImageSetNotes | null,
    /** Null with `edits`. */
    readonly marks: MarkColumns | null,
    /** Null with `session`. */
    readonly joined: JoinedTraces | null,
    readonly imports: SetImports | null,
    readonly refusal: string | null,
    private readonly onDispose: () => void,
  ) {}

  dispose(): void {
    this.joined?.dispose();
    this.marks?.dispose();
    this.edits?.dispose();
    this.session?.dispose();
    this.onDispose();
  }
}
