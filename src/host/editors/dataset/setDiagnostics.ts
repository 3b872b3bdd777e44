import { extname, isAbsolute, join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import type { Problem } from '../../../core/text/problem';
import type { DatasetSession } from './datasetSession';

/** Files that VS Code shows as text: a squiggle in any other would lead nowhere. */
const texts: ReadonlySet<string> = new Set(['.json', '.jsonl', '.xml', '.yaml', '.yml', '.txt', '.csv']);

/** Problems of the image sets that are open, in VS Code's own Problems panel and on the lines they are about. */
export class SetDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('saccade');
  private readonly shown = new Map<DatasetSession, readonly vscode.Uri[]>();

  /** As they are known now; answers when they are shown. */
  async show(session: DatasetSession): Promise<void> {
    const { root } = await session.link.whenOpen();
    const { problems } = await session.link.ask(
      'imageset/info',
      { wait: true },
      { deadline: Number.POSITIVE_INFINITY },
    );
    this.forget(session);
    const byFile = new Map<string, Problem[]>();
    for (const problem of problems) byFile.set(problem.file, [...(byFile.get(problem.file) ?? []), problem]);
    const uris: vscode.Uri[] = [];
    for (const [file, own] of byFile) {
      const path = join(root, file);
      // A name in a set is a stranger's word: it leads to no file elsewhere.
      const inside = relative(root, path);
      const known = inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
      if (!known || !texts.has(extname(file).toLowerCase())) continue;
      const uri = vscode.Uri.file(path);
      this.collection.set(uri, own.map(diagnosticOf));
      uris.push(uri);
    }
    this.shown.set(session, uris);
  }

  /** The set was closed. */
  forget(session: DatasetSession): void {
    for (const uri of this.shown.get(session) ?? []) this.collection.delete(uri);
    this.shown.delete(session);
  }

  dispose(): void {
    this.collection.dispose();
  }
}

function diagnosticOf({ severity, line, field, message }: Problem): vscode.Diagnostic {
  const at = Math.max(0, (line ?? 1) - 1);
  const range = new vscode.Range(at, 0, at, line === null ? 0 : 1000);
  const kind = severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
  const diagnostic = new vscode.Diagnostic(range, field === null ? message : `${field}: ${message}`, kind);
  diagnostic.source = 'Saccade';
  return diagnostic;
}
