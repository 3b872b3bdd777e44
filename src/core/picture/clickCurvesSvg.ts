import { escapeXml } from './escapeXml';

/** What simulated clicks came to, as `saccade simulate --json` prints it. Null where nothing was clicked. */
export interface ClickSummary {
  readonly count: number;
  /** Mean IoU after 1, 2, … clicks, with its standard error. */
  readonly iou: readonly { readonly clicks: number; readonly mean: number | null; readonly error: number | null }[];
  readonly noc: readonly { readonly target: number; readonly mean: number | null; readonly error: number | null }[];
  readonly nof: readonly { readonly target: number; readonly count: number }[];
}

const size = { width: 720, height: 440 };
const plot = { left: 56, top: 56, right: 696, bottom: 340 };
const ink = '#0b62c4';
const quiet = '#6b6b6b';

/**
 * IoU by click with its standard error as a band, the targets of NoC as dashed lines, and NoC and NoF in words below: one SVG
 * document on white paper, to be kept and put into a paper.
 */
export function clickCurvesSvg(title: string, { count, iou, noc, nof }: ClickSummary): string {
  const most = Math.max(1, ...iou.map(({ clicks }) => clicks));
  const x = (clicks: number) => plot.left + ((plot.right - plot.left) * (clicks - 1)) / Math.max(1, most - 1);
  const y = (value: number) => plot.bottom - (plot.bottom - plot.top) * Math.min(1, Math.max(0, value));
  const known = iou.flatMap(({ clicks, mean, error }) => (mean === null ? [] : [{ clicks, mean, error: error ?? 0 }]));
  const at = (clicks: number, value: number) => `${x(clicks).toFixed(1)},${y(value).toFixed(1)}`;
  const band = [
    ...known.map(({ clicks, mean, error }) => at(clicks, mean + error)),
    ...known.map(({ clicks, mean, error }) => at(clicks, mean - error)).reverse(),
  ];
  const line = known.map(({ clicks, mean }) => at(clicks, mean));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" font-family='system-ui, sans-serif' font-size="12">`,
    `<title>${escapeXml(title)}</title>`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    text(plot.left, 24, title, { size: 15, weight: 600 }),
    text(plot.left, 42, `mean IoU after each click, ${count === 1 ? 'one object' : `${count} objects`}`, {
      fill: quiet,
    }),
    ...[0, 0.2, 0.4, 0.6, 0.8, 1].map((value) => tickY(y(value), value.toFixed(1))),
    ...noc.map(({ target }, at) => targetLine(y(target), target, noc.length > 1 && at === 0)),
    `<polygon points="${band.join(' ')}" fill="${ink}" fill-opacity="0.15"/>`,
    `<polyline points="${line.join(' ')}" fill="none" stroke="${ink}" stroke-width="2"/>`,
    ...known.map(
      ({ clicks, mean }) => `<circle cx="${x(clicks).toFixed(1)}" cy="${y(mean).toFixed(1)}" r="3" fill="${ink}"/>`,
    ),
    ...iou
      .filter(({ clicks }) => most <= 10 || clicks === 1 || clicks % 5 === 0)
      .map(({ clicks }) => text(x(clicks), plot.bottom + 18, String(clicks), { anchor: 'middle' })),
    text((plot.left + plot.right) / 2, plot.bottom + 38, 'clicks', { anchor: 'middle', fill: quiet }),
    ...noc.map(({ target, mean, error }, row) => {
      const missed = nof.find((one) => one.target === target)?.count ?? 0;
      const clicks = mean === null ? '–' : `${mean.toFixed(2)}${error === null ? '' : ` ± ${error.toFixed(2)}`}`;
      const percent = Math.round(target * 100);
      return text(
        plot.left,
        plot.bottom + 64 + row * 18,
        `NoC@${percent}  ${clicks}     NoF@${percent}  ${missed} of ${count}`,
        {},
      );
    }),
    '</svg>',
  ].join('\n');
}

function tickY(y: number, label: string): string {
  return [
    `<line x1="${plot.left}" x2="${plot.right}" y1="${y}" y2="${y}" stroke="#ddd"/>`,
    text(plot.left - 8, y + 4, label, { anchor: 'end' }),
  ].join('\n');
}

/** `below`: its words stand under the line, where another line lies close above. */
function targetLine(y: number, target: number, below: boolean): string {
  return [
    `<line x1="${plot.left}" x2="${plot.right}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}" stroke="${quiet}" stroke-dasharray="4 4"/>`,
    text(plot.right, below ? y + 13 : y - 4, `${Math.round(target * 100)} %`, { anchor: 'end', fill: quiet }),
  ].join('\n');
}

function text(
  x: number,
  y: number,
  words: string,
  look: {
    readonly size?: number;
    readonly weight?: number;
    readonly fill?: string;
    readonly anchor?: 'middle' | 'end';
  },
): string {
  const { size: height, weight, fill = '#1f1f1f', anchor } = look;
  const more = [
    height === undefined ? '' : ` font-size="${height}"`,
    weight === undefined ? '' : ` font-weight="${weight}"`,
    anchor === undefined ? '' : ` text-anchor="${anchor}"`,
  ].join('');
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${fill}"${more} xml:space="preserve">${escapeXml(words)}</text>`;
}
