import type { FlipCell } from '../../../src/core/metric/compareRuns';
import type { Interval } from '../../../src/core/metric/passAtK';
import type { ComparedSample, TraceComparison } from '../../../src/protocol/compare';
import { button, dropdown } from '../../ui/controls';
import { dataTable } from '../../ui/dataTable';
import { div, el, fill, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { linkButton } from '../../ui/iconButton';
import { inputBox } from '../../ui/inputBox';
import { count, counted, shortNumber } from '../words';
import type { CompareStore, Steps } from './compareStore';

const cells: Readonly<Record<FlipCell, { readonly label: string; readonly about: string }>> = {
  bothRight: { label: 'Right in both', about: 'right in A and in B' },
  lost: { label: 'Lost', about: 'right in A, wrong in B' },
  won: { label: 'Won', about: 'wrong in A, right in B' },
  bothWrong: { label: 'Wrong in both', about: 'wrong in A and in B' },
};

/** Samples listed at once. */
const listed = 200;

/** This run (A) against another or against its own other steps (B), on the samples that both answered. */
export class CompareView {
  readonly element = div('compare');
  private readonly sides = div('compare-sides');
  private readonly body = div('compare-body');
  /** The cell whose samples are listed; null for the largest changes of all. */
  private cell: FlipCell | null = null;

  constructor(private readonly store: CompareStore) {
    fill(this.element, this.sides, this.body);
    const paint = () => this.paint();
    store.other.on(() => {
      this.cell = null;
      paint();
    });
    for (const signal of [store.result, store.trouble, store.busy]) signal.on(paint);
  }

  paint(): void {
    this.paintSides();
    this.paintBody();
  }

  /** Tables are what it shows in any case. */
  setTable(): void {
    this.paint();
  }

  private paintSides(): void {
    const { store } = this;
    const other = store.other.value;
    if (other === null) {
      fill(
        this.sides,
        div(
          'compare-empty',
          el(
            'p',
            {},
            'Compare this run with another, or with its own earlier steps, on the samples that both answered.',
          ),
          button({ label: 'Choose a Run…', primary: true, onClick: () => void store.choose() }),
        ),
      );
      return;
    }
    const names = (store.overview.overview.value?.columns ?? []).map(({ name }) => name);
    const columns = names.includes(store.column) ? names : [store.column, ...names];
    fill(
      this.sides,
      this.side('A', store.session.welcome.name, store.steps, (steps) => {
        store.steps = steps;
      }),
      this.side('B', other.name, store.otherSteps, (steps) => {
        store.otherSteps = steps;
      }),
      linkButton('Another Run…', () => void store.choose()),
      div('toolbar-gap'),
      ...this.splits(),
      el(
        'label',
        { class: 'scatter-choice' },
        'Compare',
        dropdown({
          label: 'Column to compare',
          options: columns.map((value) => ({ value, label: value })),
          value: store.column,
          onChange: (column) => {
            store.column = column;
            void store.run();
          },
        }),
      ),
    );
  }

  /** Nothing where there is no choice. */
  private splits(): readonly HTMLElement[] {
    const { store } = this;
    const { kinds, kind } = store.result.value ?? { kinds: [], kind: null };
    if (kinds.length < 2 || kind === null) return [];
    const choice = dropdown({
      label: 'Split to compare',
      options: kinds.map((value) => ({ value, label: value })),
      value: kind,
      onChange: (value) => {
        store.kind = value === 'validation' ? 'validation' : 'training';
        void store.run();
      },
    });
    return [el('label', { class: 'scatter-choice' }, 'Split', choice)];
  }

  private side(letter: string, name: string, steps: Steps, set: (steps: Steps) => void): HTMLElement {
    const field = inputBox({
      label: `Steps of ${letter}: one, or first to last as 1:10; empty for all`,
      value: steps === null ? '' : steps[0] === steps[1] ? String(steps[0]) : `${steps[0]}:${steps[1]}`,
      placeholder: 'all steps',
      class: 'steps-input',
      onEnter: () => apply(),
    });
    const apply = () => {
      const read = readSteps(field.value);
      if (read === undefined) field.classList.add('wrong');
      else {
        set(read);
        void this.store.run();
      }
    };
    field.addEventListener('change', apply);
    return el('label', { class: 'compare-side' }, span('compare-letter', letter), span('compare-name', name), field);
  }

  private paintBody(): void {
    const { result, trouble, busy, other } = this.store;
    this.body.hidden = other.value === null;
    if (trouble.value !== '') fill(this.body, div('overview-note', icon('error'), ` ${trouble.value}`));
    else if (result.value === null) fill(this.body, div('overview-note', busy.value ? 'Comparing…' : ''));
    else fill(this.body, ...this.found(result.value));
  }

  private found(result: TraceComparison): HTMLElement[] {
    const { both, onlyA, onlyB, unkeyed, byName, kinds, right, column } = result;
    const facts = [
      `${counted(both, 'sample')} in both`,
      `${count(onlyA)} in A alone`,
      `${count(onlyB)} in B alone`,
      ...(unkeyed > 0 ? [`${counted(unkeyed, 'group')} without a prompt`] : []),
    ];
    const line = div('overview-facts', ...facts.map((text) => span('overview-fact', text)));
    if (byName > 0) {
      const named = span('overview-fact', `${count(byName)} joined by the image’s name`);
      named.title = 'Their images are not here, or were not looked at in time: equal names may be different pictures.';
      line.append(named);
    }
    if (both === 0) {
      const why =
        kinds.length === 0
          ? 'One side is training, the other validation: these are not compared with each other.'
          : 'No sample was asked in both: their prompts, ground truths or images differ.';
      return [line, div('overview-note', why)];
    }
    const whether =
      right === null
        ? [div('overview-note', `${column} has more than two values: say above from which one on a rollout is right.`)]
        : [this.flips(result, right)];
    return [line, div('compare-tables', ...whether, this.means(result)), this.samples(result)];
  }

  private flips({ flips, column }: TraceComparison, right: number): HTMLElement {
    const cell = (name: FlipCell) => {
      const node = el(
        'button',
        { class: 'flip-cell', title: `List samples ${cells[name].about}`, aria: { pressed: this.cell === name } },
        span('flip-count', count(flips[name])),
        span('flip-label', cells[name].label),
      );
      node.type = 'button';
      node.addEventListener('click', () => {
        this.cell = this.cell === name ? null : name;
        this.paintBody();
      });
      return node;
    };
    return el(
      'section',
      { class: 'flips', aria: { label: 'Samples right and wrong in both runs' } },
      div('flip-corner'),
      div('flip-head', 'B right'),
      div('flip-head', 'B wrong'),
      div('flip-row', 'A right'),
      cell('bothRight'),
      cell('lost'),
      div('flip-row', 'A wrong'),
      cell('won'),
      cell('bothWrong'),
      div('flip-note', `right: ${column} ≥ ${shortNumber(right)} in at least half of a sample’s rollouts`),
    );
  }

  private means({ passAt, mean, column }: TraceComparison): HTMLElement {
    const rows = [
      { name: `mean ${column}`, ...mean },
      ...passAt.map(({ k, samples, ...sides }) => ({ name: `pass@${k} (${counted(samples, 'sample')})`, ...sides })),
    ];
    return dataTable({
      caption: 'Means over samples with 95 % bootstrap intervals',
      columns: ['', 'A', 'B', 'B − A'],
      rows: rows.length,
      cells: (at) => {
        const row = rows[at] ?? { name: '', ...mean };
        return [row.name, interval(row.a), interval(row.b), interval(row.difference)];
      },
    });
  }

  private samples({ samples }: TraceComparison): HTMLElement {
    const wanted = this.cell === null ? samples : samples.filter(({ cell }) => cell === this.cell);
    const what = this.cell === null ? 'Largest changes' : `Samples ${cells[this.cell].about}`;
    const rows = wanted.slice(0, listed).map((sample) => this.row(sample));
    const more = wanted.length > listed ? div('quiet', `The first ${listed} of ${count(wanted.length)}.`) : null;
    return el(
      'section',
      { class: 'compare-samples', aria: { label: what } },
      el('h3', { class: 'pane-title' }, what),
      wanted.length === 0 ? div('quiet', 'None.') : el('ul', {}, ...rows),
      more,
    );
  }

  private row(sample: ComparedSample): HTMLElement {
    const { title, a, b, byName } = sample;
    const change = b.mean - a.mean;
    const sign = Number.isNaN(change) ? '' : change > 0 ? '+' : '';
    const node = el(
      'button',
      {
        class: 'compare-row',
        title: `${title}\nShow it with the regions of both runs${byName ? '. Joined by the image’s name' : ''}`,
      },
      span('compare-change', Number.isNaN(change) ? '–' : `${sign}${shortNumber(change)}`),
      span('compare-title', title === '' ? 'without a title' : title),
      span('compare-values', `${byName ? 'by name · ' : ''}${shortNumber(a.mean)} → ${shortNumber(b.mean)}`),
    );
    node.type = 'button';
    node.addEventListener('click', () => void this.store.show(sample));
    return el('li', {}, node);
  }
}

/** Undefined for what is no range of steps. */
export function readSteps(text: string): Steps | undefined {
  if (text.trim() === '') return null;
  const found = /^\s*(\d{1,12})\s*(?:[:–-]\s*(\d{1,12}))?\s*$/.exec(text);
  if (found === null) return undefined;
  const first = Number(found[1]);
  return [first, found[2] === undefined ? first : Number(found[2])];
}

function interval({ mean, low, high }: Interval): string {
  return Number.isNaN(mean) ? '–' : `${shortNumber(mean)}  [${shortNumber(low)}, ${shortNumber(high)}]`;
}
