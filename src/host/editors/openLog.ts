import * as vscode from 'vscode';
import type { TraceSession } from '../traces/traceSession';
import { placeIn } from './placeIn';

/** Opens the log as text at a rollout's line. */
export async function openLog(session: TraceSession, row: number, signal: AbortSignal): Promise<null> {
  const { file, line } = await session.link.ask('trace/rollout', { row }, { signal });
  return openPlace(session, file, line);
}

/** Opens a file of the trace, or the run's configuration that a problem names, in VS Code's own editor: it takes large files too. */
export async function openPlace(session: TraceSession, file: string, line: number | null): Promise<null> {
  const { root } = await session.link.whenOpen();
  const config = (await session.link.ask('trace/info', { wait: false })).config?.source ?? null;
  const inRoot = placeIn(root, file, config);
  const path = inRoot === config ? config : (await session.link.ask('trace/locate', { file })).path;
  return showPlace(path, line);
}

/** Shows a file in VS Code's own text editor, at a 1-based line when there is one. */
export async function showPlace(path: string, line: number | null): Promise<null> {
  const at = new vscode.Position(Math.max(0, (line ?? 1) - 1), 0);
  const options: vscode.TextDocumentShowOptions = { selection: new vscode.Range(at, at), preview: true };
  await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(path), 'default', options);
  return null;
}
