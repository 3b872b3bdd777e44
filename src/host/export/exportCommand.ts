import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/text/userError';
import { type ExportFormat, type ExportUnit, exportFormats } from '../../formats/export/exportFormats';
import type { SidecarPlaces } from '../annotations/sidecarPlaces';
import { betweenQuestions } from '../betweenQuestions';
import { runOverrides } from '../settings';
import { targetUris, uriOfTab } from '../targets';
import { resolveUserPath } from '../userPath';
import { answerOf, type ExportAnswer, type ExportPlan, exportArguments, previewText } from './exportPlan';
import { isSaved } from './isSaved';
import { runCli } from './runCli';

const scheme = 'saccade-export';

/** *Saccade: Export…*: asks what and where, shows the first records, and writes them by the command line. */
export class ExportCommand implements vscode.Disposable {
  private readonly previews = new Map<string, string>();
  private readonly provider: vscode.Disposable;
  private shown = 0;

  /** @param entry `dist/saccade.js` of this extension. */
  constructor(
    private readonly entry: string,
    private readonly places: SidecarPlaces,
  ) {
    this.provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
      provideTextDocumentContent: ({ path }) => this.previews.get(path) ?? '',
    });
  }

  dispose(): void {
    this.provider.dispose();
  }

  async run(args: readonly unknown[]): Promise<void> {
    const [uri] = targetUris(args);
    if (uri === undefined) throw new UserError(vscode.l10n.t('Open or select a trace first.'));
    if (!(await isSaved(uri))) return;
    const asked = await askPlan(uri);
    if (asked === null) return;
    const previewed = await this.preview({ ...asked, annotations: this.places.of(uri.fsPath) });
    if (previewed === null) return;
    const { plan, shown } = previewed;
    if (shown.answer.records === 0)
      throw new UserError(vscode.l10n.t('Nothing to export: the preview says why under leftOut.'));
    const output = await askFolder(plan, shown.answer);
    const done = output === null ? null : await this.progress(vscode.l10n.t('Exporting to {0}', output), plan, output);
    // The trace is in front again, and what was asked of it can be asked once more.
    await closePreviews();
    if (done === null || output === null) return;
    const reveal = vscode.l10n.t('Open Manifest');
    const { records, leftOut } = done.answer;
    const said = await vscode.window.showInformationMessage(
      vscode.l10n.t('{0} records are in {1}; {2} rollouts were left out.', records, output, leftOut),
      reveal,
    );
    if (said === reveal) await vscode.window.showTextDocument(vscode.Uri.file(join(output, 'manifest.json')));
  }

  /** What would be written, on show; partial groups are offered where there are some. Null when cancelled. */
  private async preview(plan: ExportPlan): Promise<{ readonly plan: ExportPlan; readonly shown: Shown } | null> {
    const shown = await this.progress(vscode.l10n.t('Reading what is to be exported'), plan, null);
    if (shown === null) return null;
    await this.show(plan, previewText(shown.json));
    const { partial } = shown.answer;
    if (plan.partial || partial === 0) return { plan, shown };
    const leave = { label: vscode.l10n.t('Leave them out'), take: false };
    const take = { label: vscode.l10n.t('Take them too'), take: true };
    const said = await vscode.window.showQuickPick([leave, take], {
      title: vscode.l10n.t('Export'),
      placeHolder: vscode.l10n.t('In groups whose size is not that of the run: {0} rollouts', partial),
      ignoreFocusOut: true,
    });
    if (said === undefined) {
      await closePreviews();
      return null;
    }
    return said.take ? this.preview({ ...plan, partial: true }) : { plan, shown };
  }

  /** Null when cancelled. */
  private async progress(title: string, plan: ExportPlan, output: string | null): Promise<Shown | null> {
    const location = vscode.ProgressLocation.Notification;
    const json = await vscode.window.withProgress({ location, title, cancellable: true }, (_, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      return runCli(this.entry, exportArguments(plan, output), stop.signal);
    });
    if (json === null) return null;
    const answer = answerOf(json);
    if (answer === null) throw new UserError(vscode.l10n.t('The export ended without a manifest.'));
    return { json, answer };
  }

  /** A document of a provider is read-only, and closes without a question. */
  private async show({ trace, to }: ExportPlan, json: string): Promise<void> {
    const path = `/${basename(trace)}-${to}-${++this.shown}.json`;
    this.previews.clear();
    this.previews.set(path, json);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.from({ scheme, path }));
    await vscode.window.showTextDocument(document, { preview: true, preserveFocus: true });
  }
}

async function closePreviews(): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  await vscode.window.tabGroups.close(tabs.filter((tab) => uriOfTab(tab)?.scheme === scheme));
}

interface Shown {
  readonly json: string;
  readonly answer: ExportAnswer;
}

async function askPlan(uri: vscode.Uri): Promise<Omit<ExportPlan, 'annotations'> | null> {
  await betweenQuestions();
  const format = await vscode.window.showQuickPick(consumers(), {
    title: vscode.l10n.t('Export'),
    placeHolder: vscode.l10n.t('For which consumer?'),
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  if (format?.one === undefined) return null;
  const { one } = format;
  await betweenQuestions();
  const right = one.unit === 'judged' ? await askNumber(vscode.l10n.t('An answer is good from this reward on')) : null;
  if (right === undefined) return null;
  const choice = one.unit === 'judged' || one.unit === 'dataset' ? null : await askChoice(one);
  if (choice === undefined) return null;
  const overrides = runOverrides(uri);
  const dataset = one.unit === 'dataset' ? await askDataset() : null;
  if (dataset === undefined) return null;
  const own = dataset === null ? overrides : { ...overrides, datasetFiles: [dataset] };
  return { trace: uri.fsPath, to: one.id, choice, right, partial: false, overrides: own };
}

/** What each kind of format is for, in the order they are offered. */
const kinds: readonly { readonly title: string; readonly units: readonly ExportUnit[] }[] = [
  { title: vscode.l10n.t('Supervised fine-tuning'), units: ['rollout', 'weighted'] },
  { title: vscode.l10n.t('Preferences'), units: ['pair', 'judged'] },
  { title: vscode.l10n.t('Process supervision'), units: ['steps', 'clicks'] },
  { title: vscode.l10n.t('Boxes'), units: ['boxes'] },
  { title: vscode.l10n.t('The run’s own data'), units: ['dataset'] },
];

interface Consumer extends vscode.QuickPickItem {
  readonly one?: ExportFormat;
}

function consumers(): readonly Consumer[] {
  return kinds.flatMap(({ title, units }): readonly Consumer[] => [
    { label: title, kind: vscode.QuickPickItemKind.Separator },
    ...exportFormats
      .filter(({ unit }) => units.includes(unit))
      .map((one) => ({ label: one.title, description: one.id, one })),
  ]);
}

/** Null for the one that the run's config or the settings name, undefined when dismissed. */
async function askDataset(): Promise<string | null | undefined> {
  const own = {
    label: vscode.l10n.t('The run’s dataset'),
    detail: vscode.l10n.t('As its config or your settings name it'),
    other: false,
  };
  const other = { label: vscode.l10n.t('Another file…'), detail: '', other: true };
  const said = await vscode.window.showQuickPick([own, other], {
    title: vscode.l10n.t('Export'),
    placeHolder: vscode.l10n.t('Which dataset?'),
    ignoreFocusOut: true,
  });
  if (said?.other !== true) return said === undefined ? undefined : null;
  const filters = { Parquet: ['parquet'] };
  return (await vscode.window.showOpenDialog({ filters, openLabel: vscode.l10n.t('Export') }))?.[0]?.fsPath;
}

/** Undefined when dismissed. */
async function askChoice({ unit }: ExportFormat): Promise<string | undefined> {
  if (unit === 'pair') {
    const pairs = [
      { label: vscode.l10n.t('Best and worst of each group'), value: 'best-worst' },
      { label: vscode.l10n.t('All whose rewards differ'), value: 'all' },
    ];
    return (
      await vscode.window.showQuickPick(pairs, {
        title: vscode.l10n.t('Export'),
        placeHolder: vscode.l10n.t('Which pairs?'),
        ignoreFocusOut: true,
      })
    )?.value;
  }
  const selections = [
    { label: vscode.l10n.t('All rollouts'), value: 'all' },
    { label: vscode.l10n.t('The best of each group'), value: 'best' },
    { label: vscode.l10n.t('From a reward on…'), value: 'threshold' },
  ];
  const found = await vscode.window.showQuickPick(selections, {
    title: vscode.l10n.t('Export'),
    placeHolder: vscode.l10n.t('Which rollouts?'),
    ignoreFocusOut: true,
  });
  if (found?.value !== 'threshold') return found?.value;
  await betweenQuestions();
  const from = await askNumber(vscode.l10n.t('Rollouts with at least this reward'));
  return from === undefined ? undefined : `threshold:${from}`;
}

async function askNumber(prompt: string): Promise<number | undefined> {
  const isNumber = (text: string) => text.trim() !== '' && Number.isFinite(Number(text));
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Export'),
    prompt,
    ignoreFocusOut: true,
    validateInput: (value) => (isNumber(value) ? undefined : vscode.l10n.t('A number is expected.')),
  });
  return text === undefined ? undefined : Number(text);
}

/** A folder that is new or empty; the command line sees to that. */
async function askFolder(
  { trace, to }: ExportPlan,
  { records, rollouts, leftOut }: ExportAnswer,
): Promise<string | null> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Export: {0} records of {1} rollouts, {2} left out', records, rollouts, leftOut),
    prompt: vscode.l10n.t('A new folder'),
    value: join(dirname(trace), `${basename(trace)}-${to}`),
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? vscode.l10n.t('A folder is expected.') : undefined),
  });
  return text === undefined ? null : resolveUserPath(text.trim(), dirname(trace), homedir());
}
