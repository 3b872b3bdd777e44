import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { RolloutsEditors } from '../editors/rolloutsEditors';
import { viewTypes } from '../ids';
import type { SampledTrace } from './samplings';

/** Milliseconds between two looks for rows that were just written, and how often: a trace is read within seconds. */
const again = 250;
const looks = 80;

/** Opens the trace, or brings it in front, and selects the first of the rollouts that were appended. */
export async function showSampled(editors: RolloutsEditors, { path, line }: SampledTrace): Promise<void> {
  const uri = vscode.Uri.file(path);
  await vscode.commands.executeCommand('vscode.openWith', uri, viewTypes.rollouts, { preview: false });
  const file = basename(path);
  for (let look = 0; look < looks; look++) {
    const link = editors.open.find(({ session }) => session.path === path)?.session.link;
    if (link !== undefined) {
      await link.whenOpen();
      await link.ask('trace/watch', { visible: true });
      const [row] = await link.ask('notes/rows', { file, lines: [line] });
      if (typeof row === 'number') {
        const [place] = await link.ask('notes/keys', { rows: [row] });
        if (place !== undefined) await editors.reveal(uri, { file, key: place.key, line });
        return;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, again));
  }
}
