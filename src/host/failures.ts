import * as vscode from 'vscode';
import { UserError } from '../core/text/userError';
import { ChannelError } from '../protocol/channel';

/** What a failure means for the user. `cancelled` is nobody's failure and is not shown. */
export type FailureKind = 'user' | 'bug' | 'cancelled';

export function kindOf(error: unknown): FailureKind {
  if (UserError.is(error)) return 'user';
  if (ChannelError.is(error)) {
    if (error.code === 'user') return 'user';
    if (error.code === 'cancelled') return 'cancelled';
  }
  return 'bug';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The one way an error reaches the user: what can be mended is shown as it is; a bug is logged and offers the log. */
export class Failures {
  constructor(private readonly log: vscode.LogOutputChannel) {}

  async show(error: unknown, doing: string): Promise<void> {
    const kind = kindOf(error);
    if (kind === 'cancelled') return;
    if (kind === 'user') {
      await vscode.window.showErrorMessage(messageOf(error));
      return;
    }
    this.logBug(doing, error);
    const showLog = vscode.l10n.t('Show Log');
    const message = vscode.l10n.t('Saccade could not {0}: {1}', doing, messageOf(error));
    if ((await vscode.window.showErrorMessage(message, showLog)) === showLog) this.log.show();
  }

  /** The stack of this side and, where the error crossed a channel, of the other. */
  logBug(doing: string, error: unknown): void {
    const remote = ChannelError.is(error) && error.remoteStack !== undefined ? `\n${error.remoteStack}` : '';
    this.log.error(`${doing}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}${remote}`);
  }
}
