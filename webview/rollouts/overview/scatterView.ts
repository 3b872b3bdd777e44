import type { ScatterPoints } from '../../../src/protocol/overview';
import { dropdown } from '../../ui/controls';
import { dataTable } from '../../ui/dataTable';
import { div, el, fill, setText, span } from '../../ui/dom';
import { linkButton } from '../../ui/iconButton';
import { ScatterPlot } from '../../ui/scatterPlot';
import { errorText, isCancelled } from '../store/host';
import { count, counted, shortNumber } from '../words';
import type { OverviewStore } from './overviewStore';

/** Any two columns against each other; a lasso filters the list to what is inside. */
export class ScatterView {
  readonly element = div('scatter');
  private readonly choices = div('scatter-choices');
  private readonly note = div('overview-note');
  private readonly plot: ScatterPlot;
  private readonly body: HTMLElement;
  private x = 'response_length';
  private y = 'reward';
  private points: ScatterPoints | null = null;
  private names: readonly string[] = [];
  private asTable = false;

  constructor(
    private readonly store: OverviewStore,
    private readonly toList: () => void,
  ) {
    this.plot = new ScatterPlot({
      label: 'Scatter plot: arrow keys move, with Shift they span a box, Enter filters the list to it',
      format: shortNumber,
      onLasso: (polygon) => {
        store.lasso(this.x, this.y, polygon);
        this.toList();
      },
      onEscape: () => store.clearLasso(),
    });
    this.body = div('scatter-body', this.plot.element);
    fill(this.element, this.choices, this.body, this.note);
    store.onRange(() => this.paintPolygon());
  }

  paint(): void {
    const overview = this.store.overview.value;
    // Until it is known which columns there are, none can be missing.
    if (overview === null) return;
    const names = ['step', ...overview.columns.map(({ name }) => name)];
    if (names.join('\n') !== this.names.join('\n')) {
      this.names = names;
      if (!names.includes(this.y)) this.y = names.at(-1) ?? 'step';
      if (!names.includes(this.x)) this.x = 'step';
      this.paintChoices();
    }
    if (this.points === null) void this.ask();
  }

  repaint(): void {
    this.plot.paint();
  }

  setTable(asTable: boolean): void {
    this.asTable = asTable;
    this.paintBody();
  }

  private paintChoices(): void {
    const options = this.names.map((value) => ({ value, label: value }));
    const choice = (label: string, value: string, onChange: (name: string) => void) =>
      el('label', { class: 'scatter-choice' }, label, dropdown({ label, options, value, onChange }));
    const lengths = this.names.includes('reward') && this.names.includes('response_length');
    fill(
      this.choices,
      choice('Down', this.y, (name) => this.choose(this.x, name)),
      choice('Across', this.x, (name) => this.choose(name, this.y)),
      lengths ? linkButton('Reward against length', () => this.choose('response_length', 'reward')) : null,
    );
  }

  private choose(x: string, y: string): void {
    if (x === this.x && y === this.y) return;
    this.x = x;
    this.y = y;
    this.paintChoices();
    void this.ask();
  }

  private async ask(): Promise<void> {
    const { x, y } = this;
    setText(this.note, 'Collecting points…');
    try {
      const points = await this.store.session.host.call('overview/scatter', { x, y });
      if (x !== this.x || y !== this.y) return;
      this.points = points;
      this.plot.setData({ x: points.x, y: points.y, xName: x, yName: y });
      this.paintPolygon();
      this.paintBody();
    } catch (error) {
      if (!isCancelled(error)) setText(this.note, errorText(error));
    }
  }

  private paintPolygon(): void {
    const { lassoed } = this.store;
    this.plot.setPolygon(lassoed !== null && lassoed.x === this.x && lassoed.y === this.y ? lassoed.points : null);
  }

  private paintBody(): void {
    const { points } = this;
    if (points === null) return;
    const { rows, total } = points;
    const shown = rows.length < total ? `A fixed sample of ${count(rows.length)} of ` : '';
    const none = total === 0 ? 'No rollout has a number in both columns.' : '';
    const words =
      none || `${shown}${counted(total, 'rollout')} with both numbers. Draw around points to filter the list to them.`;
    fill(this.note, span('', words));
    fill(this.body, this.asTable ? this.table(points) : this.plot.element);
    if (!this.asTable) this.plot.paint();
  }

  private table({ rows, x, y }: ScatterPoints): HTMLElement {
    return dataTable({
      caption: `${this.y} and ${this.x} by rollout`,
      columns: ['row', this.x, this.y],
      rows: rows.length,
      cells: (at) => [count((rows[at] ?? 0) + 1), shortNumber(x[at] ?? 0), shortNumber(y[at] ?? 0)],
    });
  }
}
