import * as vscode from 'vscode';
import { UserError } from '../../../../core/text/userError';
import type { Handlers } from '../../../../protocol/channel';
import type { DatasetRolloutsHostMethods, RolloutsOnImage } from '../../../../protocol/datasetRollouts';
import { viewTypes } from '../../../ids';
import type { RolloutsEditors } from '../../rolloutsEditors';
import type { DatasetServices } from '../datasetServices';
import { chooseTraces } from './chooseTraces';
import type { JoinedTraces } from './joinedTraces';

const patient = { deadline: Number.POSITIVE_INFINITY };

export interface RolloutsParts {
  readonly joined: JoinedTraces;
  readonly services: DatasetServices;
  readonly editors: RolloutsEditors;
  /** Absolute path of an image's file. Throws `UserError` where there is none. */
  fileOf(index: number, signal: AbortSignal): Promise<string>;
}

/** Serves the rollouts on a set's images to a page of the dataset editor. */
export function rolloutsHandlers({
  joined,
  services,
  editors,
  fileOf,
}: RolloutsParts): Handlers<DatasetRolloutsHostMethods> {
  const { children, failures, memory } = services;
  return {
    'rollouts/state': () => joined.state,
    'rollouts/choose': async () => {
      const open = editors.open.map(({ session }) => session.path);
      const chosen = await chooseTraces({
        children,
        set: joined.set,
        chosen: joined.paths,
        recent: [...new Set([...open, ...memory.paths()])],
        bug: (doing, error) => failures.logBug(doing, error),
      });
      if (chosen === null) return false;
      joined.choose(chosen, joined.state.passes);
      if (chosen.length > 0) await shown(joined);
      return true;
    },
    'rollouts/passes': async () => {
      const passes = await askPasses(joined.state.passes);
      if (passes === undefined) return false;
      joined.choose(joined.paths, passes);
      return true;
    },
    'rollouts/on': async ({ index }, signal): Promise<RolloutsOnImage> => {
      const groups = await joined.on(index, signal);
      if (groups.length === 0) return { groups, stored: null };
      try {
        const { stored, orientation } = await children.media.probe(await fileOf(index, signal), signal);
        return { groups, stored: { size: stored, orientation } };
      } catch (error) {
        if (!UserError.is(error)) throw error;
        return { groups, stored: null };
      }
    },
    // Its boxes are drawn on the set's own image: the trace's is not waited for.
    'rollouts/group': ({ trace, group }, signal) =>
      joined.trace(trace).ask('trace/group', { group, patience: 0 }, { signal, ...patient }),
    'rollouts/open': async ({ trace, row }) => {
      const { path, ...link } = await placeIn(joined, trace, row);
      const uri = vscode.Uri.file(path);
      const reveal = editors.reveal(uri, link);
      await vscode.commands.executeCommand('vscode.openWith', uri, viewTypes.rollouts);
      await reveal;
      return null;
    },
  };
}

async function placeIn(joined: JoinedTraces, trace: number, row: number) {
  const link = joined.trace(trace);
  const [place] = await link.ask('notes/keys', { rows: [row] });
  if (place === undefined) throw new UserError(vscode.l10n.t('The trace does not hold this rollout any more.'));
  return { path: link.path, file: place.file, key: place.key, line: place.hints.line };
}

/** The search that the user asked for, where they can stop it. */
async function shown(joined: JoinedTraces): Promise<void> {
  const location = vscode.ProgressLocation.Notification;
  const title = vscode.l10n.t('Looking for the images of rollouts');
  await vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    token.onCancellationRequested(() => joined.stop());
    const listening = joined.listen(({ search }) => {
      if (search === null || search.total === 0) return;
      const { what, done, total } = search;
      progress.report({
        message:
          what === 'groups'
            ? vscode.l10n.t('{0} of {1} groups', done, total)
            : vscode.l10n.t('{0} of {1} images measured', done, total),
      });
    });
    try {
      await joined.settled();
    } finally {
      listening.dispose();
    }
  });
}

/** Null for what the traces say, undefined when dismissed. */
async function askPasses(before: number | null): Promise<number | null | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('What Counts as a Pass'),
    prompt: vscode.l10n.t('Total reward from which a rollout passes; nothing for what the traces say'),
    value: before === null ? '' : String(before),
    ignoreFocusOut: true,
    validateInput: (value) =>
      value.trim() === '' || Number.isFinite(Number(value)) ? undefined : vscode.l10n.t('A number is expected.'),
  });
  if (text === undefined) return undefined;
  return text.trim() === '' ? null : Number(text);
}
