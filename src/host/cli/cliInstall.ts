import { chmod, lstat, mkdir, readFile, readlink, rename, symlink, unlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/text/userError';
import { cmdLauncher, type LauncherTarget, shellLauncher } from './launcher';

/** The launcher of the command line: written on request, kept current by every start of the extension after that. */
export class CliInstall {
  private readonly folder: string;
  private readonly target: LauncherTarget;

  constructor(private readonly context: vscode.ExtensionContext) {
    this.folder = join(context.globalStorageUri.fsPath, 'bin');
    const name = basename(context.extensionPath);
    const version: unknown = context.extension.packageJSON.version;
    const suffix = `${context.extension.id}-`.toLowerCase();
    this.target = {
      node: process.execPath,
      entry: context.asAbsolutePath(join('dist', 'saccade.js')),
      folderPrefix: name.toLowerCase().startsWith(suffix) ? name.slice(0, suffix.length) : `${name}-${String(version)}`,
    };
  }

  /** Absolute path of the launcher for this platform's shells. */
  get launcher(): string {
    return join(this.folder, process.platform === 'win32' ? 'saccade.cmd' : 'saccade');
  }

  /** Writes the launcher and puts its folder on the PATH of integrated terminals opened from now on. */
  async install(): Promise<void> {
    await this.write();
    this.prependPath();
  }

  /** After an upgrade the launcher's paths are old ones: an installed launcher is written anew. */
  async refresh(): Promise<void> {
    const written = await readFile(join(this.folder, 'saccade'), 'utf8').catch(missing);
    if (written === null) return;
    if (written !== shellLauncher(this.target)) await this.write();
    this.prependPath();
  }

  /** A link in `~/.local/bin`, for terminals outside VS Code. Replaces a link of ours, nothing else. */
  async linkIntoHome(): Promise<string> {
    const bin = join(homedir(), '.local', 'bin');
    const link = join(bin, 'saccade');
    await mkdir(bin, { recursive: true });
    const present = await lstat(link).catch(missing);
    if (present !== null) {
      const ours = present.isSymbolicLink() && (await readlink(link)).endsWith(join('bin', 'saccade'));
      if (!ours) throw new UserError(`${link} exists and is not Saccade's: move it away and try again.`);
      await unlink(link);
    }
    await symlink(join(this.folder, 'saccade'), link);
    return link;
  }

  private async write(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await replace(join(this.folder, 'saccade'), shellLauncher(this.target));
    if (process.platform === 'win32') await replace(join(this.folder, 'saccade.cmd'), cmdLauncher(this.target));
  }

  private prependPath(): void {
    const collection = this.context.environmentVariableCollection;
    collection.description = new vscode.MarkdownString(vscode.l10n.t('Puts the `saccade` command on the PATH.'));
    // Shell integration sets it once more after the shell's own start-up files, many of which build PATH anew.
    const options: vscode.EnvironmentVariableMutatorOptions = {
      applyAtProcessCreation: true,
      applyAtShellIntegration: true,
    };
    collection.prepend('PATH', `${this.folder}${delimiter}`, options);
  }
}

/** Whole or not at all: a terminal may be running the launcher right now, and other windows write it too. */
async function replace(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, text);
  await chmod(temporary, 0o755);
  await rename(temporary, path);
}

function missing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
