import { isAbsolute, relative, resolve } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/text/userError';
import type { TraceSession } from '../traces/traceSession';

/** Opens the log as text at a rollout's line, beside nothing else: VS Code's own editor, which also takes large files. */
export async function openLog(session: TraceSession, row: number, signal: AbortSignal): Promise<null> {
  const [{ root }, { file, line }] = await Promise.all([
    session.link.whenOpen(),
    session.link.ask('trace/rollout', { row }, { signal }),
  ]);
  const path = resolve(root, file);
  const inside = relative(root, path);
  if (inside.startsWith('..') || isAbsolute(inside))
    throw new UserError(`${file} is outside ${root} and is not opened.`);
  const at = new vscode.Position(Math.max(0, line - 1), 0);
  const options: vscode.TextDocumentShowOptions = { selection: new vscode.Range(at, at), preview: true };
  await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(path), 'default', options);
  return null;
}
