import type { Box, Size } from '../../core/geometry/box';
import { escapeXml } from '../../core/picture/escapeXml';
import type { Rollout } from '../../core/trajectory/rollout';

/** A rollout on the page, with its boxes in pixels of the original image. */
export interface PageRollout {
  readonly rollout: Rollout;
  /** 1-based place in its group. */
  readonly number: number;
  /** As it stands after annotations; null without one. */
  readonly total: number | null;
  readonly advantage: number | null;
  readonly excluded: boolean;
  /** By region; null for one that cannot be placed. A sentence where none can be. */
  readonly regions: readonly (Box | null)[] | string;
  readonly truth: readonly { readonly box: Box; readonly label: string | null }[];
  /** What somebody said of it, a line each. */
  readonly notes: readonly string[];
}

export interface GroupPage {
  readonly title: string;
  /** Name and value, in order. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** A data URI with the original's size; a sentence where there is no picture. */
  readonly image: { readonly href: string; readonly size: Size } | string;
  readonly rollouts: readonly PageRollout[];
}

const style = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 22%, transparent); }
body { font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; margin: 0 auto; max-width: 1080px; padding: 24px; }
h1 { font-size: 20px; margin: 0 0 12px; } h2 { font-size: 16px; margin: 0 0 8px; }
table { border-collapse: collapse; margin: 0 0 12px; } th, td { border: 1px solid var(--line); padding: 2px 8px; text-align: left; vertical-align: top; font-variant-numeric: tabular-nums; }
section { border-top: 1px solid var(--line); margin-top: 20px; padding-top: 16px; }
pre { background: color-mix(in srgb, currentColor 6%, transparent); margin: 4px 0 10px; padding: 8px 10px; white-space: pre-wrap; overflow-wrap: anywhere; font: 12px/1.5 ui-monospace, Menlo, Consolas, monospace; }
.role { font-size: 12px; opacity: .75; } .quiet { opacity: .75; }
.picture { background-size: 100% 100%; max-width: 100%; position: relative; border: 1px solid var(--line); margin-bottom: 12px; }
.picture svg { display: block; width: 100%; height: 100%; }
.box { fill: none; stroke: #2b8cff; stroke-width: 2px; vector-effect: non-scaling-stroke; } .truth { stroke: #2fa84f; stroke-dasharray: 7 4; }
.halo { fill: none; stroke: #000a; stroke-width: 4px; vector-effect: non-scaling-stroke; }
.number { fill: #fff; stroke: #000; stroke-width: 3px; paint-order: stroke; vector-effect: non-scaling-stroke; font-weight: 600; }
@media print { section { break-inside: avoid-page; } }`;

/** Rollouts of a group as one HTML document: nothing is fetched, nothing runs, every text of the log is only text. */
export function groupPage(page: GroupPage): string {
  const { title, facts, image, rollouts } = page;
  const picture = typeof image === 'string' || !isPicture(image.href) ? null : image;
  const background = picture === null ? '' : `.picture { background-image: url("${picture.href}"); }`;
  const [first] = rollouts;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Saccade">
<title>${escapeXml(title)}</title>
<style>${style}
${background}</style>
</head>
<body>
<h1>${escapeXml(title)}</h1>
${tableOf(facts)}
${first === undefined ? '' : `<div class="role">Prompt</div><pre>${escapeXml(first.rollout.prompt)}</pre>`}
${typeof image === 'string' ? `<p class="quiet">${escapeXml(image)}</p>` : ''}
${summaryOf(rollouts)}
${rollouts.map((one) => sectionOf(one, picture?.size ?? null)).join('\n')}
</body>
</html>
`;
}

function sectionOf(one: PageRollout, size: Size | null): string {
  const { rollout, number, notes, regions } = one;
  const fields = rollout.fields.flatMap(({ name, value }): (readonly [string, string])[] =>
    typeof value === 'number' || typeof value === 'boolean' ? [[name, String(value)]] : [],
  );
  const boxes = typeof regions === 'string' ? null : regions;
  return `<section>
<h2>Rollout ${number}</h2>
${size === null || boxes === null ? '' : pictureOf(one, boxes, size)}
${typeof regions === 'string' && rollout.regions.length > 0 ? `<p class="quiet">${escapeXml(regions)}</p>` : ''}
${regionTable(rollout, boxes)}
${tableOf(fields)}
${notes.map((note) => `<p>${escapeXml(note)}</p>`).join('\n')}
${rollout.turns
  .map(({ role, span }) => {
    const text = rollout.response.slice(span.start, span.end).trim();
    return `<div class="role">${escapeXml(role)}</div><pre>${escapeXml(text)}</pre>`;
  })
  .join('\n')}
</section>`;
}

function pictureOf({ truth, rollout }: PageRollout, boxes: readonly (Box | null)[], { width, height }: Size): string {
  const letter = Math.max(width, height) / 48;
  const drawn = [
    ...truth.map(({ box }) => rect(box, 'box truth')),
    ...boxes.flatMap((box) => (box === null ? [] : [rect(box, 'halo'), rect(box, 'box')])),
    ...boxes.flatMap((box, i) => (box === null ? [] : [numberAt(box, i + 1, letter)])),
  ];
  const label = `Image with ${rollout.regions.length} regions`;
  return `<div class="picture" style="aspect-ratio: ${width} / ${height}"><svg role="img" aria-label="${label}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none">${drawn.join('')}</svg></div>`;
}

function rect({ x1, y1, x2, y2 }: Box, kind: string): string {
  const [x, y] = [Math.min(x1, x2), Math.min(y1, y2)];
  return `<rect class="${kind}" x="${round(x)}" y="${round(y)}" width="${round(Math.abs(x2 - x1))}" height="${round(Math.abs(y2 - y1))}"/>`;
}

function numberAt({ x1, y1, x2, y2 }: Box, number: number, letter: number): string {
  const [x, y] = [Math.min(x1, x2), Math.min(y1, y2)];
  return `<text class="number" x="${round(x + letter * 0.3)}" y="${round(y + letter * 1.1)}" font-size="${round(letter)}">${number}</text>`;
}

function regionTable({ regions, turns }: Rollout, boxes: readonly (Box | null)[] | null): string {
  if (regions.length === 0) return '';
  const corners = (box: Box) => [box.x1, box.y1, box.x2, box.y2].map(round).join(', ');
  const rows = regions.map(({ index, label, written, box, turn }) => {
    const placed = boxes?.[index] ?? null;
    const cells = [
      String(index + 1),
      label ?? '',
      placed === null ? 'cannot be placed' : corners(placed),
      corners(written ?? box),
      `${turn + 1} of ${turns.length}`,
    ];
    return `<tr>${cells.map((cell) => `<td>${escapeXml(cell)}</td>`).join('')}</tr>`;
  });
  const head = ['Region', 'Label', 'Pixels of the original', 'As written', 'Turn'];
  return `<table><tr>${head.map((name) => `<th>${name}</th>`).join('')}</tr>${rows.join('')}</table>`;
}

function summaryOf(rollouts: readonly PageRollout[]): string {
  const rows = rollouts.map(({ number, total, advantage, excluded, rollout }) => {
    const logged = total === rollout.reward ? '' : ` (logged ${shown(rollout.reward)})`;
    const cells = [
      String(number),
      `${shown(total)}${logged}`,
      excluded ? 'excluded' : shown(advantage),
      String(rollout.regions.length),
      rollout.badge,
    ];
    return `<tr>${cells.map((cell) => `<td>${escapeXml(cell)}</td>`).join('')}</tr>`;
  });
  const head = ['Rollout', 'Reward', 'Advantage', 'Regions', 'Format'];
  return `<table><tr>${head.map((name) => `<th>${name}</th>`).join('')}</tr>${rows.join('')}</table>`;
}

function tableOf(facts: readonly (readonly [string, string])[]): string {
  if (facts.length === 0) return '';
  const rows = facts.map(([name, value]) => `<tr><th>${escapeXml(name)}</th><td>${escapeXml(value)}</td></tr>`);
  return `<table>${rows.join('')}</table>`;
}

const shown = (value: number | null) => (value === null ? '–' : String(Math.round(value * 1e4) / 1e4));

const round = (value: number) => Math.round(value * 100) / 100;

const isPicture = (href: string) => /^data:image\/(?:png|jpeg|webp);base64,[A-Za-z0-9+/=]*$/.test(href);
