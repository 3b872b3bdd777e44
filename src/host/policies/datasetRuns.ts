import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import type { PolicySpec } from '../../core/policy/policySpec';
import { UserError } from '../../core/text/userError';
import { type JobStatus, readStatus, runningJob } from '../../policy/job/statusFile';
import { childEnvironment } from '../../supervise/environment';
import { DisposableStore } from '../disposables';
import { runCli } from '../export/runCli';
import { commands, settings, viewTypes } from '../ids';
import { targetUris } from '../targets';
import { askRun, type RunPlan } from './askRun';
import type { PolicyChoice } from './choosePolicy';
import type { PolicyStore } from './policyStore';

const jobsKey = 'saccade.policies.runs';
/** Variable by which a key reaches the job; it stands in no file and in no list of processes. */
const keyVariable = 'SACCADE_POLICY_KEY';
const taskKeyVariable = 'SACCADE_TASK_POLICY_KEY';
/** Milliseconds between two looks at jobs, and until a job must have begun. */
const pace = 1000;
const patience = 30_000;

/** A job that this workspace started. */
interface Job {
  readonly dataset: string;
  readonly trace: string;
}

/** What runs over datasets need. */
export interface DatasetRunParts {
  readonly entry: string;
  /** Folder for what jobs are started with and say. */
  readonly folder: string;
  readonly state: vscode.Memento;
  readonly choice: PolicyChoice;
  readonly store: PolicyStore;
  bug(doing: string, error: unknown): void;
}

/**
 * Policies over whole datasets, each a `saccade run` of its own that outlives this window: it writes its trace, which opens and
 * grows like any other, and its status beside it, which the status bar shows.
 */
export class DatasetRuns implements vscode.Disposable {
  private readonly disposables = new DisposableStore();
  private readonly item = this.disposables.add(
    vscode.window.createStatusBarItem('saccade.runs', vscode.StatusBarAlignment.Right, 98),
  );
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly parts: DatasetRunParts) {
    this.item.name = vscode.l10n.t('Saccade Runs');
    this.item.command = commands.policyRuns;
    if (this.jobs.length > 0) this.look();
  }

  dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.disposables.dispose();
  }

  /** *Run Policy over Dataset…* */
  async start(args: readonly unknown[]): Promise<void> {
    const [uri] = targetUris(args);
    if (uri?.scheme !== 'file') throw new UserError(vscode.l10n.t('Open or select a dataset first.'));
    const chosen = await this.parts.choice.choose();
    if (chosen === null) return;
    if (chosen.policy.kind === 'person')
      throw new UserError(vscode.l10n.t('A whole dataset is not asked of a person.'));
    const plan = await askRun(uri.fsPath, chosen);
    if (plan === null) return;
    if ((await runningJob(plan.trace)) !== null)
      throw new UserError(vscode.l10n.t('A job is writing {0} already.', basename(plan.trace)));
    const log = await this.spawn(plan);
    await this.parts.state.update(jobsKey, [
      { dataset: plan.dataset, trace: plan.trace },
      ...this.jobs.filter(({ trace }) => trace !== plan.trace),
    ]);
    await this.begun(plan.trace, log);
    this.look();
    await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(plan.trace), viewTypes.rollouts);
  }

  /** *Policy Runs…*: what each job is at, with ways to open, report and stop it. */
  async show(): Promise<void> {
    const items = await Promise.all(
      this.jobs.map(async (job) => ({
        label: basename(job.trace),
        description: wordsOf(await readStatus(job.trace)),
        job,
      })),
    );
    if (items.length === 0) throw new UserError(vscode.l10n.t('No policy was run over a dataset from this workspace.'));
    const said = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which run?') });
    if (said === undefined) return;
    const { job } = said;
    const openIt = vscode.l10n.t('$(eye) Open Its Trace');
    const report = vscode.l10n.t('$(graph) Report');
    const stop = vscode.l10n.t('$(debug-stop) Stop');
    const pid = await runningJob(job.trace);
    const act = await vscode.window.showQuickPick([openIt, report, ...(pid === null ? [] : [stop])], {
      placeHolder: job.trace,
    });
    if (act === openIt)
      await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(job.trace), viewTypes.rollouts);
    else if (act === report) await this.report(job);
    else if (act === stop && pid !== null) process.kill(pid, 'SIGINT');
  }

  private get jobs(): readonly Job[] {
    return this.parts.state.get<readonly Job[]>(jobsKey, []);
  }

  /** Starts the job on its own; answers the file that it talks into. */
  private async spawn(plan: RunPlan): Promise<string> {
    const { entry, folder } = this.parts;
    const id = randomUUID();
    await mkdir(folder, { recursive: true });
    const policy = await this.policyFile(plan.policy, keyVariable, join(folder, `${id}.policy.json`));
    const task =
      plan.task === null || plan.task.name === plan.policy.name
        ? null
        : await this.policyFile(plan.task, taskKeyVariable, join(folder, `${id}.task.json`));
    const log = join(folder, `${id}.log`);
    const out = await open(log, 'a');
    const args = [...plan.arguments(policy.path), ...(task === null ? [] : ['--task-policy', task.path])];
    const env = childEnvironment(process.env, { ...policy.env, ...task?.env });
    try {
      const child = spawn(process.execPath, [entry, ...args], {
        env,
        detached: true,
        stdio: ['ignore', out.fd, out.fd],
        windowsHide: true,
      });
      child.on('error', (error) => this.parts.bug('starting saccade run', error));
      child.unref();
    } finally {
      await out.close();
    }
    return log;
  }

  /** The policy as its user wrote it, for the job to read; its key goes by the environment. */
  private async policyFile(
    spec: PolicySpec,
    variable: string,
    path: string,
  ): Promise<{ readonly path: string; readonly env: Readonly<Record<string, string>> }> {
    if (spec.kind !== 'server') return { path: spec.name, env: {} };
    const { key } = await this.parts.store.keyed(spec.name);
    const written: unknown = vscode.workspace.getConfiguration().get(settings.policies);
    const own = (Array.isArray(written) ? written : []).find((one: { name?: unknown }) => one?.name === spec.name);
    const { keyEnv: _, ...entry } = (own ?? {}) as Record<string, unknown>;
    await writeFile(path, JSON.stringify(key === null ? entry : { ...entry, keyEnv: variable }));
    return { path, env: key === null ? {} : { [variable]: key } };
  }

  /** Waits for the trace's first sign; throws what the job said when it ended before. */
  private async begun(trace: string, log: string): Promise<void> {
    for (const start = Date.now(); Date.now() - start < patience; ) {
      const [status, there] = [await readStatus(trace), await stat(trace).catch(() => null)];
      if (status !== null && status.state === 'failed') break;
      if (status !== null && there !== null && there.size > 0) return;
      await new Promise((resolve) => setTimeout(resolve, pace / 4));
    }
    const said = (await readFile(log, 'utf8').catch(() => '')).trim().replace(/^saccade: /, '');
    throw new UserError(said.slice(-2000) || vscode.l10n.t('The run wrote nothing for {0} s.', patience / 1000));
  }

  private look(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.paint().catch((error: unknown) => this.parts.bug('looking at runs', error));
    }, pace);
  }

  private async paint(): Promise<void> {
    const running: { readonly job: Job; readonly status: JobStatus }[] = [];
    for (const job of this.jobs) {
      const status = await readStatus(job.trace);
      if (status !== null && (await runningJob(job.trace)) !== null) running.push({ job, status });
    }
    const [first] = running;
    if (first === undefined) {
      this.item.hide();
      this.timer = null;
      return;
    }
    const more = running.length === 1 ? '' : ` +${running.length - 1}`;
    this.item.text = `$(sync~spin) ${wordsOf(first.status)}${more}`;
    this.item.tooltip = `${first.job.trace}\n${first.status.lastError ?? ''}`;
    this.item.show();
    this.look();
  }

  /** What `saccade eval` prints of the trace against its dataset, in a document of its own. */
  private async report({ dataset, trace }: Job): Promise<void> {
    const location = vscode.ProgressLocation.Notification;
    const title = vscode.l10n.t('Computing the report of {0}', basename(trace));
    const text = await vscode.window.withProgress({ location, title, cancellable: true }, (_, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      return runCli(this.parts.entry, ['eval', dataset, trace], stop.signal);
    });
    if (text === null) return;
    const document = await vscode.workspace.openTextDocument({ content: text, language: 'plaintext' });
    await vscode.window.showTextDocument(document, { preview: true });
  }
}

function wordsOf(status: JobStatus | null): string {
  if (status === null) return vscode.l10n.t('has not begun');
  const { state, done, total, errors } = status;
  const groups = total === null ? `${done}` : `${done} / ${total}`;
  const failed = errors === 0 ? '' : vscode.l10n.t(', {0} failed', errors);
  return state === 'running'
    ? vscode.l10n.t('{0} groups{1}', groups, failed)
    : vscode.l10n.t('{0}: {1} groups{2}', state, groups, failed);
}
