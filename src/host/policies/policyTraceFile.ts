import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';

const traceKey = 'saccade.policies.trace';

/** The file that sampled rollouts are appended to: chosen once a workspace, changed by a command. */
export class PolicyTraceFile {
  constructor(private readonly state: vscode.Memento) {}

  /** Asks where none was chosen yet; null when dismissed. */
  async path(): Promise<string | null> {
    const known = this.state.get<unknown>(traceKey);
    return typeof known === 'string' ? known : this.choose();
  }

  /** The file may be there: rollouts are appended, never written over. */
  async choose(): Promise<string | null> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const base = folder?.scheme === 'file' ? folder.fsPath : homedir();
    const chosen = await vscode.window.showSaveDialog({
      title: vscode.l10n.t('Append Rollouts To'),
      saveLabel: vscode.l10n.t('Append Here'),
      defaultUri: vscode.Uri.file(join(base, 'policy-rollouts.jsonl')),
      filters: { 'JSON Lines': ['jsonl'] },
    });
    if (chosen === undefined || chosen.scheme !== 'file') return null;
    await this.state.update(traceKey, chosen.fsPath);
    return chosen.fsPath;
  }
}
