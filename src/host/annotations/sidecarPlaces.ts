import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { UnwritableError } from './traceAnnotations';

const storageKey = 'saccade.annotationFolders';
/** Traces whose folder is remembered; the longest untouched is forgotten first. */
const capacity = 500;
const stored = z.record(z.string(), z.string());

/** Folders with the sidecars of logs that may not have them beside them. */
export class SidecarPlaces {
  private readonly own: string;

  constructor(
    private readonly state: vscode.Memento,
    globalStorage: vscode.Uri,
  ) {
    this.own = join(globalStorage.fsPath, 'annotations');
  }

  /** Where sidecars of a trace may lie, the likeliest first. @param trace absolute path. */
  of(trace: string): readonly string[] {
    const chosen = this.all()[trace];
    return chosen === undefined || chosen === this.own ? [this.own] : [chosen, this.own];
  }

  /** Asks where the annotations go that were not written; remembers the answer for the trace. Null when dismissed. */
  async ask(trace: string, error: UnwritableError): Promise<string | null> {
    const storage = vscode.l10n.t('Keep in VS Code’s Storage');
    const choose = vscode.l10n.t('Choose Folder…');
    const detail = vscode.l10n.t('They can be kept in another folder. The log opened again finds them there.');
    const said = await vscode.window.showWarningMessage(error.message, { modal: true, detail }, storage, choose);
    const folder = said === storage ? this.own : said === choose ? await pickFolder(trace) : null;
    if (folder === null) return null;
    const others = Object.entries(this.all()).filter(([path]) => path !== trace);
    await this.state.update(storageKey, Object.fromEntries([...others, [trace, folder]].slice(-capacity)));
    return folder;
  }

  private all(): Readonly<Record<string, string>> {
    const parsed = stored.safeParse(this.state.get(storageKey));
    return parsed.success ? parsed.data : {};
  }
}

async function pickFolder(trace: string): Promise<string | null> {
  const picked = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    title: vscode.l10n.t('Where annotations of {0} are kept', basename(trace)),
    openLabel: vscode.l10n.t('Keep Here'),
  });
  const [uri] = picked ?? [];
  return uri?.scheme === 'file' ? uri.fsPath : null;
}
