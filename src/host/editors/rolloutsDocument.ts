import type * as vscode from 'vscode';
import type { DocumentNotes } from '../annotations/documentNotes';
import type { TraceSession } from '../traces/traceSession';

/**
 * A trace as VS Code sees it: one for a URI, shared by every editor on it. `session` and `notes` are null where Saccade
 * cannot open the URI at all, and `refusal` then says why.
 */
export class RolloutsDocument implements vscode.CustomDocument {
  constructor(
    readonly uri: vscode.Uri,
    readonly session: TraceSession | null,
    readonly notes: DocumentNotes | null,
    readonly refusal: string | null,
    private readonly onDispose: () => void,
  ) {}

  dispose(): void {
    this.notes?.dispose();
    this.session?.dispose();
    this.onDispose();
  }
}
