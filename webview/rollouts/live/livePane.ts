import { div, el, fill, setText, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { iconButton, linkButton } from '../../ui/iconButton';
import type { LiveJob, LiveRollout, LiveStore } from './liveStore';

const marks = {
  waiting: 'circle-large-outline',
  sensing: 'sync',
  task: 'search',
  done: 'pass',
  malformed: 'warning',
} as const;

const words: Readonly<Record<LiveRollout['state'], string>> = {
  waiting: 'waits',
  sensing: 'looks',
  task: 'works on the crops',
  done: 'done',
  malformed: 'malformed',
};

/** A group that is being sampled, over the text of the rollout: a cell for each rollout, with what it says while it says it. */
export class LivePane {
  readonly element = el('section', { class: 'live', hidden: true, aria: { label: 'Sampled group' } });
  private readonly title = span('live-title');
  private readonly where = span('live-where');
  private readonly trouble = div('live-trouble');
  private readonly cells = div('live-cells');
  private readonly actions = div('live-actions');
  private built: { readonly job: string; readonly cells: readonly Cell[] } | null = null;

  constructor(private readonly store: LiveStore) {
    this.trouble.setAttribute('role', 'status');
    this.element.append(div('live-head', this.title, this.where, this.actions), this.trouble, this.cells);
    store.job.on(() => this.paint());
  }

  private paint(): void {
    const { value: job } = this.store.job;
    this.element.hidden = job === null;
    if (job === null) {
      this.built = null;
      return;
    }
    if (this.built?.job !== job.job) this.build(job);
    const through = job.rollouts.filter(({ state }) => state === 'done' || state === 'malformed').length;
    setText(this.title, titleOf(job, through));
    setText(this.where, `${job.question} · to ${job.to}`);
    this.where.title = job.question;
    this.trouble.hidden = job.trouble === null;
    setText(this.trouble, job.trouble ?? '');
    this.trouble.classList.toggle('failed', job.state === 'failed');
    for (const [at, rollout] of job.rollouts.entries()) this.built?.cells[at]?.paint(rollout);
    this.paintActions(job.state);
  }

  private build(job: LiveJob): void {
    const cells = job.rollouts.map((_, at) => new Cell(at));
    fill(this.cells, ...cells.map(({ element }) => element));
    this.built = { job: job.job, cells };
    this.shownActions = null;
  }

  private shownActions: LiveJob['state'] | null = null;

  /** Made anew only when they change: the keyboard may be on one. */
  private paintActions(state: LiveJob['state']): void {
    if (state === this.shownActions) return;
    this.shownActions = state;
    const { store } = this;
    const close = iconButton({ icon: 'close', label: 'Close', onClick: () => store.close() });
    const cancel = linkButton('Cancel', () => store.cancel());
    const open = linkButton('Show Rollouts', () => store.open());
    fill(
      this.actions,
      state === 'running' ? cancel : null,
      state === 'done' ? open : null,
      state === 'running' ? null : close,
    );
  }
}

function titleOf({ policy, rollouts, state }: LiveJob, through: number): string {
  const group = rollouts.length === 1 ? 'one rollout' : `${rollouts.length} rollouts`;
  if (state === 'done') return `${policy}: ${group} sampled`;
  if (state === 'cancelled') return `${policy}: cancelled`;
  if (state === 'failed') return `${policy}: ${group} failed`;
  return `Asking ${policy} for ${group} · ${through} done`;
}

/** One rollout: what it is at, and the end of what it said. */
class Cell {
  readonly element: HTMLElement;
  private readonly mark = span('live-mark');
  private readonly state = span('live-state');
  private readonly text = div('live-text');
  private shown: LiveRollout | null = null;

  constructor(at: number) {
    this.element = div(
      'live-cell',
      div('live-cell-head', span('live-number', String(at + 1)), this.mark, this.state),
      this.text,
    );
  }

  paint(rollout: LiveRollout): void {
    if (rollout === this.shown) return;
    if (rollout.state !== this.shown?.state) fill(this.mark, icon(marks[rollout.state]));
    this.element.dataset.state = rollout.state;
    const found =
      rollout.regions === null ? '' : ` · ${rollout.regions === 1 ? '1 region' : `${rollout.regions} regions`}`;
    setText(this.state, `${words[rollout.state]}${found}`);
    const said = [rollout.text, rollout.note ?? ''].filter((part) => part !== '').join('\n');
    setText(this.text, said);
    this.text.hidden = said === '' && rollout.state === 'done';
    this.text.scrollTop = this.text.scrollHeight;
    this.shown = rollout;
  }
}
