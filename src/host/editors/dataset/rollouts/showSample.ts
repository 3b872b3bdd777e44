import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../../../core/text/userError';
import { datasetOf } from '../../../../policy/job/checkpoint';
import { betweenQuestions } from '../../../betweenQuestions';
import type { Children } from '../../../children';
import { viewTypes } from '../../../ids';
import type { TraceSession } from '../../../traces/traceSession';
import type { DatasetEditors } from '../datasetEditors';
import type { RolloutsMemory } from './rolloutsMemory';

interface Choice extends vscode.QuickPickItem {
  readonly path: string | null;
  readonly folder?: boolean;
}

const patient = { deadline: Number.POSITIVE_INFINITY };
/** Images of one picture that are offered. */
const mostOffered = 200;

/** The way back from a rollout to its sample: the dataset editor, at the image that a group was asked about. */
export class SampleWay {
  constructor(
    private readonly datasets: () => DatasetEditors,
    private readonly memory: RolloutsMemory,
    private readonly children: Children,
  ) {}

  /** Throws `UserError` where no image is found. Nothing happens when the user thinks better of it. */
  async show(trace: TraceSession, group: number): Promise<void> {
    const set = await this.setOf(trace, group);
    if (set === null) return;
    const uri = vscode.Uri.file(set);
    const panel = this.datasets().reveal(uri);
    await vscode.commands.executeCommand('vscode.openWith', uri, viewTypes.dataset);
    const opened = await panel;
    const { traceId } = await trace.link.whenOpen();
    const { indices } = await opened.session.link.ask('imageset/imagesOf', { traceId, group }, patient);
    if (indices.length === 0)
      throw new UserError(vscode.l10n.t('No image of {0} is the one of this group.', basename(set)));
    // Who came from a trace finds its rollouts beside the image.
    const { joined } = opened;
    if (!joined.paths.includes(trace.path)) joined.choose([...joined.paths, trace.path], joined.state.passes);
    const index = await chooseImage(indices);
    if (index !== null) await opened.reveal(index);
  }

  private async setOf(trace: TraceSession, group: number): Promise<string | null> {
    const known = new Set([...this.datasets().showing(trace.path), ...this.memory.setsWith(trace.path)]);
    const sampled = await datasetOf(trace.path);
    if (sampled !== null) known.add(sampled);
    if (known.size === 0) for (const set of await this.setsOfRun(trace, group)) known.add(set);
    const [only, ...others] = known;
    if (only !== undefined && others.length === 0) return only;
    return this.ask(known.size > 0 ? [...known] : this.datasets().paths);
  }

  /** Datasets of the run's configuration that hold the group's sample, as far as they open as image sets. */
  private async setsOfRun(trace: TraceSession, group: number): Promise<readonly string[]> {
    const rows = await trace.link.ask('dataset/rows', { group }, patient);
    const paths = typeof rows === 'string' ? [] : [...new Set(rows.map(({ dataset }) => dataset))];
    const found = await Promise.all(paths.map((path) => this.children.imageSet('imageset/detect', { path })));
    return paths.filter((_, i) => found[i] !== null);
  }

  private async ask(paths: readonly string[]): Promise<string | null> {
    const sets = paths.map((path): Choice => ({ label: basename(path), description: dirname(path), path }));
    const browse: Choice[] = [
      { label: vscode.l10n.t('$(file) Choose File…'), path: null },
      { label: vscode.l10n.t('$(folder) Choose Folder…'), path: null, folder: true },
    ];
    const chosen = await vscode.window.showQuickPick([...sets, ...browse], {
      title: vscode.l10n.t('Show Sample in Dataset'),
      placeHolder: vscode.l10n.t('The dataset that holds the image'),
    });
    if (chosen === undefined) return null;
    if (chosen.path !== null) return chosen.path;
    await betweenQuestions();
    const { folder = false } = chosen;
    const [uri] = (await vscode.window.showOpenDialog({ canSelectFiles: !folder, canSelectFolders: folder })) ?? [];
    return uri?.fsPath ?? null;
  }
}

/** Several rows of a set may show one picture. */
async function chooseImage(indices: readonly number[]): Promise<number | null> {
  const [first = null, ...others] = indices;
  if (others.length === 0) return first;
  const items = indices.slice(0, mostOffered).map((index) => ({ label: vscode.l10n.t('Row {0}', index + 1), index }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('{0} rows show this image', indices.length),
  });
  return chosen?.index ?? null;
}
