import { standardDeviation } from '../../../src/core/reward/advantage';
import { div, el, fill, setAria, setText, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { linkButton } from '../../ui/iconButton';
import { shortReward } from '../words';
import type { RecomputedGroup, RecomputedMember } from './recompute';
import { columnHead } from './scoreTables';
import { verdictWords } from './scoreWords';

interface Row {
  readonly node: HTMLElement;
  readonly logged: HTMLElement;
  readonly total: HTMLElement;
  readonly totalText: HTMLElement;
  readonly pen: HTMLElement;
  readonly verdict: HTMLElement;
  readonly advantage: HTMLElement;
  shown: RecomputedMember | null;
}

/**
 * The group's rollouts in a line each; the name selects one. Rows stay while their rollouts do: of a group whose box is being
 * moved, only the numbers that changed are written.
 */
export class GroupTable {
  readonly element = div('');
  private readonly body = el('tbody', {});
  private readonly spread = div('score-note score-spread');
  private readonly silent = div('score-note');
  private rows: readonly Row[] = [];
  private members = '';

  constructor(private readonly select: (member: number, row: number) => void) {
    const head = el(
      'tr',
      {},
      columnHead('#'),
      columnHead('Logged', 'number'),
      columnHead('Recomp.', 'number', 'Recomputed total, or the one a person set'),
      columnHead('Verdict'),
      columnHead('Adv.', 'number', 'Advantage of the recomputed totals, by the trainer’s rule'),
    );
    const table = el('table', { class: 'score-table score-group' }, el('thead', {}, head), this.body);
    this.element.append(table, this.spread, this.silent);
  }

  update({ members, silent, counted }: RecomputedGroup, selected: number): void {
    const now = members.map(({ member, row }) => `${member}:${row}`).join();
    if (now !== this.members) {
      this.members = now;
      this.rows = members.map((one) => this.row(one));
      fill(this.body, ...this.rows.map(({ node }) => node));
    }
    for (const [i, one] of members.entries()) {
      const row = this.rows[i];
      if (row === undefined) continue;
      row.node.classList.toggle('selected', one.member === selected);
      setAria(row.node, 'current', one.member === selected ? 'true' : null);
      if (row.shown !== one) paint(row, one);
    }
    setText(this.spread, spreadWords(counted));
    setText(this.silent, silent ?? '');
  }

  private row({ member, row }: RecomputedMember): Row {
    const number = () => el('td', { class: 'number' });
    const [logged, total, advantage, verdict] = [number(), number(), number(), el('td', {})];
    const [pen, totalText] = [icon('edit'), span('')];
    total.append(pen, totalText);
    const name = linkButton(String(member + 1), () => this.select(member, row), `Rollout ${member + 1}`);
    const node = el('tr', {}, el('th', {}, name), logged, total, verdict, advantage);
    return { node, logged, total, totalText, pen, verdict, advantage, shown: null };
  }
}

function paint(row: Row, one: RecomputedMember): void {
  const before = row.shown?.compared;
  row.shown = one;
  const { total, differs } = one.compared;
  row.node.classList.toggle('excluded', one.excluded);
  setText(row.logged, shortReward(total.logged));
  setText(row.totalText, shortReward(one.total));
  setText(row.advantage, shortReward(one.advantage));
  row.pen.hidden = !one.set && !one.edited;
  row.total.title = one.set ? 'set by a person' : one.edited ? 'from edited boxes' : '';
  if (before === one.compared) return;
  // A part that differs is worth a look even where the totals agree.
  const verdict = differs === true && total.verdict.kind !== 'differs' ? partDiffers : verdictWords(total.verdict);
  if (row.verdict.title === verdict.long) return;
  row.verdict.title = verdict.long;
  if (row.verdict.textContent !== verdict.short)
    fill(row.verdict, div('verdict', icon(verdict.icon), span('', verdict.short)));
}

/** Mean and deviation of the totals that count, as the advantages use them. */
function spreadWords(totals: readonly number[]): string {
  if (totals.length === 0) return '';
  const mean = totals.reduce((sum, total) => sum + total, 0) / totals.length;
  const deviation = standardDeviation(totals, 'sample');
  const beside = Number.isNaN(deviation) ? '' : ` ± ${shortReward(deviation)}`;
  return `mean ${shortReward(mean)}${beside} of ${totals.length}`;
}

const partDiffers = {
  icon: 'warning',
  short: 'part differs',
  long: 'A component differs from the logged one.',
} as const;
