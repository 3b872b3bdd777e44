import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { mappingProfile, type WeightedColumn } from '../../core/reward/scoring/mappingProfile';
import { builtInProfiles } from '../../core/reward/scoring/profile';
import { UserError } from '../../core/text/userError';
import { settings } from '../ids';
import { profilePaths } from '../settings';

/**
 * Asks for a file, writes logged columns and their weights into it as a reward profile, and names it in the setting that lists
 * profiles. The profile's id; null when the user thought better of it.
 */
export async function saveProfile(path: string, columns: readonly WeightedColumn[]): Promise<string | null> {
  const trace = vscode.Uri.file(path);
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save as Reward Profile'),
    defaultUri: vscode.Uri.file(join(dirname(path), 'reward-profile.json')),
    filters: { JSON: ['json'] },
  });
  if (target === undefined) return null;
  if (target.scheme !== 'file') throw new UserError('Saccade saves to disk only. Choose a folder of this machine.');
  const name = basename(target.fsPath).replace(/\.json$/i, '');
  const id = builtInProfiles.some((profile) => profile.id === name) ? `${name}-columns` : name;
  const title = columns.map((column) => column.name).join(' + ');
  const text = `${JSON.stringify(mappingProfile(id, title.length > 80 ? name : title, columns), null, 2)}\n`;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  const listed = profilePaths(trace);
  if (!listed.includes(target.fsPath)) await list(trace, target.fsPath);
  return id;
}

async function list(trace: vscode.Uri, path: string): Promise<void> {
  const config = vscode.workspace.getConfiguration(undefined, trace);
  // A workspace that is not trusted has no word on profiles, nor has an empty window.
  const own = vscode.workspace.isTrusted && vscode.workspace.workspaceFolders !== undefined;
  const known = config.inspect<readonly string[]>(settings.rewardsProfiles);
  const before = (own ? (known?.workspaceValue ?? known?.globalValue) : known?.globalValue) ?? [];
  await config.update(settings.rewardsProfiles, [...before, path], own ? vscode.ConfigurationTarget.Workspace : true);
}
