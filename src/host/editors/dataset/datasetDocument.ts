import type * as vscode from 'vscode';
import type { DatasetSession } from './datasetSession';

/** What people change in a dataset, as VS Code saves it, takes it back and backs it up. The dataset itself is never written. */
export interface DatasetEdits {
  save(): Promise<void>;
  saveAs(destination: vscode.Uri): Promise<void>;
  revert(): Promise<void>;
  /** File that every edit is in before it counts as made. */
  readonly journalPath: string;
  dispose(): void;
}

/**
 * An image set as VS Code sees it: one for a URI, shared by every editor on it. `session` is null where Saccade cannot open
 * the URI at all, and `refusal` then says why; `edits` is null where nothing can be edited.
 */
export class DatasetDocument implements vscode.CustomDocument {
  constructor(
    readonly uri: vscode.Uri,
    readonly session: DatasetSession | null,
    readonly edits: DatasetEdits | null,
    readonly refusal: string | null,
    private readonly onDispose: () => void,
  ) {}

  dispose(): void {
    this.edits?.dispose();
    this.session?.dispose();
    this.onDispose();
  }
}
