import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/text/userError';
import { GROUP_PAGE, type GroupDetail } from '../../protocol/data';
import type { PythonResult, ScoreProgress } from '../../protocol/score';
import { PythonReward } from '../../scoring/pythonReward';
import { type ScoredRollout, scoreGroups } from '../../scoring/scoreTrace';
import { pythonSettings } from '../settings';
import type { TraceSession } from '../traces/traceSession';
import { resolveUserPath } from '../userPath';

/** A function of the user's own. */
interface Chosen {
  /** Absolute. */
  readonly file: string;
  readonly name: string;
}

/** What was called last in this window: it is offered again. */
let last = '';

/**
 * Asks for a Python function and scores the whole trace by it, in a process of its own. Its numbers become columns. Null when
 * the user thought better of it. Throws `UserError` with the traceback's last line for one that does not load.
 */
export async function scoreByPython(
  session: TraceSession,
  log: vscode.LogOutputChannel,
  progress: (progress: ScoreProgress) => void,
  signal: AbortSignal,
): Promise<PythonResult | null> {
  if (!vscode.workspace.isTrusted)
    throw new UserError(vscode.l10n.t('A reward is code that runs on this machine. Trust this workspace first.'));
  const chosen = await askFunction(session.path);
  if (chosen === null) return null;
  const { limit, interpreter } = await pythonSettings(vscode.Uri.file(session.path));
  const { rollouts: total, groups } = await session.link.ask('trace/info', { wait: true }, patient(signal));
  const python = new PythonReward({
    ...chosen,
    interpreter,
    limit: limit * 1000,
    log: (text) => log.info(text.trimEnd()),
  });
  const stop = () => python.dispose();
  signal.addEventListener('abort', stop, { once: true });
  try {
    log.info(`Scoring ${session.path} by ${chosen.file}:${chosen.name} with ${interpreter}`);
    progress({ done: 0, total });
    let told = performance.now();
    const tell = (done: number) => {
      if (performance.now() - told < pace) return;
      told = performance.now();
      progress({ done, total });
    };
    const pages = groupsOf(session, groups, signal);
    const scores = await scoreGroups(pages, python, tell, signal);
    if (scores.missing === scores.rows.length && scores.reason !== null) throw new UserError(scores.reason);
    const { rows, totals, components, missing, reason } = scores;
    const title = `${basename(chosen.file)}:${chosen.name}`;
    const result = await session.link.ask('score/put', { title, rows, totals, components }, patient(signal));
    return { ...result, title, missing, reason };
  } catch (error) {
    if (UserError.is(error)) void offerLog(error.message, log);
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    python.dispose();
  }
}

/** Milliseconds between two words of progress. */
const pace = 100;

const patient = (signal: AbortSignal) => ({ signal, deadline: Number.POSITIVE_INFINITY });

async function* groupsOf(
  { link }: TraceSession,
  groups: number,
  signal: AbortSignal,
): AsyncGenerator<readonly ScoredRollout[]> {
  for (let group = 0; group < groups; group++) {
    const whole: ScoredRollout[] = [];
    for (let after: number | null = null; ; ) {
      const asked: { group: number; after?: number } = after === null ? { group } : { group, after };
      const page: GroupDetail = await link.ask('trace/group', { ...asked, patience: 0 }, patient(signal));
      const cut = new Set(page.truncated.map(({ row }) => row));
      for (const one of page.rollouts) {
        if (one.kind !== 'rollout') continue;
        whole.push(cut.has(one.row) ? await link.ask('trace/rollout', { row: one.row }, { signal }) : one);
      }
      after = page.rollouts.at(-1)?.row ?? null;
      if (after === null || page.rollouts.length < GROUP_PAGE) break;
    }
    yield whole;
  }
}

async function askFunction(trace: string): Promise<Chosen | null> {
  const read = (text: string): Chosen | null => {
    const colon = text.lastIndexOf(':');
    if (colon < 1 || !/^[A-Za-z_]\w*$/.test(text.slice(colon + 1).trim())) return null;
    const file = resolveUserPath(text.slice(0, colon).trim(), dirname(trace), homedir());
    return { file, name: text.slice(colon + 1).trim() };
  };
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Your Python reward'),
    prompt: vscode.l10n.t('File and function. It is called as verl or TRL call it, and runs on this machine.'),
    placeHolder: vscode.l10n.t('reward.py:compute_score'),
    value: last,
    ignoreFocusOut: true,
    validateInput: async (value) => {
      const chosen = read(value);
      if (chosen === null) return vscode.l10n.t('Expected FILE.py:FUNCTION');
      const there = await stat(chosen.file).then(
        (found) => found.isFile(),
        () => false,
      );
      return there ? undefined : vscode.l10n.t('{0} is not there', chosen.file);
    },
  });
  if (text === undefined) return null;
  last = text;
  return read(text);
}

async function offerLog(message: string, log: vscode.LogOutputChannel): Promise<void> {
  const show = vscode.l10n.t('Show Log');
  if ((await vscode.window.showErrorMessage(message, show)) === show) log.show();
}
