import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { settings } from '../ids';

const run = promisify(execFile);
const longest = 200;

/** Who edits of a trace are by: the setting, else git's user name where the trace is, else the name of the OS user. */
export async function annotationAuthor(trace: vscode.Uri, folder: string): Promise<string> {
  const set = vscode.workspace.getConfiguration(undefined, trace).get<unknown>(settings.annotationsAuthor);
  if (typeof set === 'string' && set.trim() !== '') return set.trim().slice(0, longest);
  return (await gitName(folder)) ?? userName();
}

/** Null without git or a name in it. A folder nobody trusts yet decides nothing, not even what git reads. */
async function gitName(folder: string): Promise<string | null> {
  if (!vscode.workspace.isTrusted) return null;
  try {
    const { stdout } = await run('git', ['config', 'user.name'], { cwd: folder, timeout: 3000, windowsHide: true });
    const name = stdout.trim().slice(0, longest);
    return name === '' ? null : name;
  } catch {
    return null;
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user without an entry in its table.
    return 'unknown';
  }
}
