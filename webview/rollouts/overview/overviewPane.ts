import type { StepOverview, TraceOverview } from '../../../src/protocol/overview';
import { watchTheme } from '../../canvas/theme';
import { div, el, fill, setText, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { iconButton, setPressed } from '../../ui/iconButton';
import { inputBox } from '../../ui/inputBox';
import { type Tabs, tabs } from '../../ui/tabs';
import { count, counted, shortNumber } from '../words';
import { CompareStore } from './compareStore';
import { CompareView } from './compareView';
import { LookedView } from './lookedView';
import type { OverviewStore } from './overviewStore';
import { ScatterView } from './scatterView';
import { StepCharts } from './stepCharts';

/** The run as a whole, in the place of the picture and the texts; the list stays beside it. */
export class OverviewPane {
  readonly element: HTMLElement;
  private readonly charts: StepCharts;
  private readonly looked: LookedView;
  private readonly scatter: ScatterView;
  private readonly compare: CompareView;
  private readonly tabs: Tabs;
  private readonly facts = div('overview-facts');
  private readonly right = inputBox({
    label: 'Reward from which a rollout counts as right',
    class: 'right-input',
    onEnter: () => this.setRight(),
  });
  private readonly tables: HTMLButtonElement;
  private asTables = false;

  constructor(
    private readonly store: OverviewStore,
    /** Moves the keyboard to the list, which shows the chosen steps. */
    toList: () => void,
    close: () => void,
  ) {
    this.charts = new StepCharts(store, toList);
    this.looked = new LookedView(store.session);
    this.scatter = new ScatterView(store, toList);
    this.compare = new CompareView(new CompareStore(store.session, store));
    this.tabs = tabs(
      'Overview of the run',
      [
        { id: 'steps', label: 'By step', panel: this.charts.element },
        { id: 'looked', label: 'Where it looked', panel: this.looked.element },
        { id: 'scatter', label: 'Scatter', panel: this.scatter.element },
        { id: 'compare', label: 'Compare', panel: this.compare.element },
      ],
      () => this.paint(),
    );
    this.tables = iconButton({
      icon: 'table',
      label: 'Show as tables',
      pressed: false,
      onClick: () => this.setTables(!this.asTables),
    });
    this.element = el(
      'section',
      { class: 'overview', hidden: true, aria: { label: 'Overview of the run' } },
      div(
        'panel-head',
        this.tabs.strip,
        div('toolbar-gap'),
        el('label', { class: 'right-field' }, 'Right from', this.right),
        this.tables,
        iconButton({ icon: 'close', label: 'Close the overview', keys: 'O', onClick: close }),
      ),
      this.facts,
      this.tabs.panels,
    );
    this.right.inputMode = 'decimal';
    this.right.addEventListener('change', () => this.setRight());
    store.overview.on(() => this.paint());
    watchTheme(() => {
      if (this.shown) for (const view of [this.charts, this.looked, this.scatter]) view.repaint();
    });
    this.tabs.show('steps');
  }

  get shown(): boolean {
    return !this.element.hidden;
  }

  setShown(shown: boolean): void {
    this.element.hidden = !shown;
    this.store.setShown(shown);
    this.paint();
    if (shown) this.charts.focus();
  }

  private setTables(asTables: boolean): void {
    this.asTables = asTables;
    setPressed(this.tables, asTables);
    for (const view of [this.charts, this.looked, this.scatter]) view.setTable(asTables);
  }

  /** An empty field leaves it to the values; anything but a number puts the field back. */
  private setRight(): void {
    const text = this.right.value.trim();
    const value = Number(text);
    if (text === '') this.store.right.set(null);
    else if (Number.isFinite(value)) this.store.right.set(value);
    else this.paintRight();
  }

  private paint(): void {
    if (!this.shown) return;
    const overview = this.store.overview.value;
    fill(this.facts, ...(overview === null ? [waiting()] : factsOf(overview)));
    this.paintRight();
    switch (this.tabs.active) {
      case 'steps':
        this.charts.paint();
        break;
      case 'looked':
        this.looked.paint();
        break;
      case 'scatter':
        this.scatter.paint();
        break;
      case 'compare':
        this.compare.paint();
        break;
    }
  }

  private paintRight(): void {
    const { overview, right } = this.store;
    this.right.value = right.value === null ? '' : String(right.value);
    const values = overview.value?.rightFrom === 'values' ? overview.value.right : null;
    this.right.placeholder = values === null ? 'not set' : String(values);
  }
}

function waiting(): HTMLElement {
  return span('quiet', icon('loading', 'codicon-modifier-spin'), ' Collecting numbers…');
}

/** What the numbers are of, and what is in none of them. */
function factsOf({ parts, right, rightFrom, complete }: TraceOverview): HTMLElement[] {
  const fact = (text: string) => {
    const node = span('overview-fact');
    setText(node, text);
    return node;
  };
  const facts = parts.map(({ kind, steps, rollouts }: StepOverview) => {
    const rows = rollouts.reduce((sum, rows) => sum + rows, 0);
    return fact(
      `${kind === 'training' ? '' : 'Validation: '}${counted(steps.length, 'step')}, ${counted(rows, 'rollout')}`,
    );
  });
  const without = parts.reduce((sum, part) => sum + part.withoutStep, 0);
  const replaced = parts.reduce((sum, part) => sum + part.replaced, 0);
  if (without > 0) facts.push(fact(`${counted(without, 'row')} without a step left out`));
  if (replaced > 0) facts.push(fact(`${count(replaced)} of earlier attempts left out`));
  if (right !== null)
    facts.push(
      fact(`right: reward ≥ ${shortNumber(right)}${rightFrom === 'values' ? ', the greater of its two values' : ''}`),
    );
  if (!complete) facts.push(span('overview-fact', icon('loading', 'codicon-modifier-spin'), ' still reading'));
  return facts;
}
