import { lookBins } from '../../../src/core/metric/lookMap';
import type { LookedSteps, WhereLooked } from '../../../src/protocol/overview';
import { dataTable } from '../../ui/dataTable';
import { div, el, fill, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { linkButton } from '../../ui/iconButton';
import { readPlotTheme } from '../../ui/plotTheme';
import { errorText, isCancelled } from '../store/host';
import type { Session } from '../store/session';
import { count, counted } from '../words';

/** Pixels of the canvas for each bin; CSS scales it. */
const binPixels = 16;

/** Where the policy looked in the first third of the steps, and in the last, on one scale of shares. */
export class LookedView {
  readonly element = div('looked');
  private asked = false;
  private asTable = false;
  private looked: WhereLooked | null = null;

  constructor(private readonly session: Session) {
    this.element.tabIndex = 0;
  }

  paint(): void {
    if (!this.asked) void this.ask();
  }

  setTable(asTable: boolean): void {
    this.asTable = asTable;
    this.repaint();
  }

  repaint(): void {
    if (this.looked === null) return;
    const { early, late } = this.looked;
    const most = Math.max(1e-9, peak(early), peak(late));
    const maps = [this.map('First third of the steps', early, most), this.map('Last third of the steps', late, most)];
    const again = linkButton('Read again', () => void this.ask());
    const scale =
      early.centres + late.centres === 0
        ? 'No region can be placed: the frame of its numbers or its image is unknown.'
        : `Centres of regions, relative to their image. The strongest colour is ${percent(most)} of a map’s centres in one of ${lookBins} × ${lookBins} bins.`;
    fill(this.element, div('looked-maps', ...maps), div('overview-note', scale, ' ', again));
  }

  private async ask(): Promise<void> {
    this.asked = true;
    const words = ' Reading a sample of rollouts and their images’ sizes…';
    fill(this.element, div('overview-note', icon('loading', 'codicon-modifier-spin'), words));
    try {
      this.looked = await this.session.host.call('overview/looked', {}, { deadline: Number.POSITIVE_INFINITY });
      if (this.looked === null)
        fill(this.element, div('overview-note', 'No rollout with a region logs a training step.'));
      else this.repaint();
    } catch (error) {
      this.asked = false;
      if (!isCancelled(error)) fill(this.element, div('overview-note', errorText(error)));
    }
  }

  private map(title: string, steps: LookedSteps, most: number): HTMLElement {
    const { fromStep, toStep } = steps;
    const range = fromStep === toStep ? `step ${count(fromStep)}` : `steps ${count(fromStep)} to ${count(toStep)}`;
    return el(
      'figure',
      { class: 'looked-map' },
      el('figcaption', {}, span('chart-title', title), span('quiet', ` ${range}`)),
      this.asTable ? table(title, steps) : this.canvas(title, steps, most),
      div('quiet', sampleWords(steps)),
    );
  }

  private canvas(title: string, steps: LookedSteps, most: number): HTMLElement {
    const canvas = el('canvas', { class: 'looked-canvas', role: 'img', aria: { label: `${title}: ${spoken(steps)}` } });
    canvas.width = canvas.height = lookBins * binPixels;
    const theme = readPlotTheme(this.element);
    const context = canvas.getContext('2d');
    if (context === null) return canvas;
    steps.counts.forEach((found, at) => {
      if (found === 0) return;
      // The square root lets rare places show beside a strong centre.
      context.fillStyle = theme.wash(0, 0.08 + 0.92 * Math.sqrt(found / steps.centres / most));
      context.fillRect((at % lookBins) * binPixels, Math.floor(at / lookBins) * binPixels, binPixels, binPixels);
    });
    return canvas;
  }
}

/** What the numbers are of: a sample when there is more, and what could not be placed. */
function sampleWords({ rollouts, read, centres, outside, unknown }: LookedSteps): string {
  const of =
    read < rollouts ? `A sample of ${count(read)} of ${counted(rollouts, 'rollout')}` : counted(read, 'rollout');
  const parts = [`${of}, ${counted(centres, 'region')}`];
  if (outside > 0) parts.push(`${count(outside)} outside the image`);
  if (unknown > 0) parts.push(`${count(unknown)} whose frame or image is unknown`);
  return `${parts.join(' · ')}.`;
}

/** Thirds of the image in words, for who does not see the map. */
function spoken({ counts, centres }: LookedSteps): string {
  if (centres === 0) return 'no region could be placed';
  const names = ['top left', 'top', 'top right', 'left', 'middle', 'right', 'bottom left', 'bottom', 'bottom right'];
  const thirds = new Array<number>(9).fill(0);
  counts.forEach((found, at) => {
    const third =
      Math.floor((Math.floor(at / lookBins) * 3) / lookBins) * 3 + Math.floor(((at % lookBins) * 3) / lookBins);
    thirds[third] = (thirds[third] ?? 0) + found;
  });
  return names.map((name, i) => `${name} ${percent((thirds[i] ?? 0) / centres)}`).join(', ');
}

function table(title: string, { counts }: LookedSteps): HTMLElement {
  return dataTable({
    caption: `${title}: centres by bin`,
    columns: ['row', ...Array.from({ length: lookBins }, (_, column) => String(column + 1))],
    rows: lookBins,
    cells: (row) => [String(row + 1), ...Array.from(counts.subarray(row * lookBins, (row + 1) * lookBins), String)],
  });
}

const peak = ({ counts, centres }: LookedSteps) => (centres === 0 ? 0 : Math.max(...counts) / centres);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
