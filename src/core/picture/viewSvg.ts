import { type Box, orderCorners, type Size } from '../geometry/box';
import { escapeXml } from './escapeXml';

/** How something is drawn: the line, what sets it off on both sides, and text on a badge of the line's colour. CSS colours. */
export interface SvgInk {
  readonly stroke: string;
  readonly halo: string;
  readonly text: string;
}

/** A box, or a point at its centre, in pixels of the original. */
export interface SvgMark {
  readonly box: Box;
  /** On its badge; '' for none. */
  readonly number: string;
  readonly ink: SvgInk;
  readonly stroke: 'solid' | 'dashed' | 'dotted';
  readonly dim: boolean;
  readonly point?: 'plus' | 'minus' | 'plain';
}

/** Closed loops of corners x, y in turn, pixels of the original; by the even-odd rule they enclose the mask. */
export interface SvgMask {
  readonly loops: readonly ArrayLike<number>[];
  readonly ink: SvgInk;
  readonly filled: boolean;
  readonly stroke: 'solid' | 'dashed';
}

/** A picture as a data URI; anything else is not drawn. */
export interface SvgPicture {
  readonly href: string;
  readonly size: Size;
}

export interface SvgView {
  /** Read out for the picture, and its `<title>`. */
  readonly title: string;
  /** The part of the original that is shown. */
  readonly part: Box;
  /** Pixels of the drawing for a pixel of the original. */
  readonly scale: number;
  /** The picture, and the part of the original it shows. */
  readonly image: { readonly href: string; readonly box: Box } | null;
  readonly masks: readonly SvgMask[];
  readonly marks: readonly SvgMark[];
  /** What the policy saw, in order. */
  readonly strip: readonly (SvgPicture & { readonly words: string; readonly current: boolean })[];
  readonly legend: readonly { readonly ink: SvgInk | null; readonly number: string; readonly text: string }[];
  readonly paper: { readonly background: string; readonly text: string; readonly border: string };
}

const font = 'system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif';
const margin = 12;
const badgeHeight = 16;
const lineHeight = 18;
const leastWidth = 360;
const stripHeight = 72;
/** Mean width of a letter of 12 px, for breaking lines: nothing can be measured here. */
const letter = 6.4;

/** A view as one SVG document: text that can be selected, pictures inside it, no script, nothing fetched. */
export function viewSvg(view: SvgView): string {
  const { part, scale, paper } = view;
  const shown = { width: (part.x2 - part.x1) * scale, height: (part.y2 - part.y1) * scale };
  const width = Math.max(leastWidth, shown.width + 2 * margin);
  const strip = stripOf(view, width, margin + shown.height + margin);
  const legend = legendOf(view, width, strip.bottom);
  const height = Math.ceil(legend.bottom + margin);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${round(width)}" height="${height}" viewBox="0 0 ${round(width)} ${height}" font-family='${font}' font-size="12">`,
    `<title>${escapeXml(view.title)}</title>`,
    `<rect width="100%" height="100%" ${paint('fill', paper.background)}/>`,
    `<clipPath id="part"><rect x="${margin}" y="${margin}" width="${round(shown.width)}" height="${round(shown.height)}"/></clipPath>`,
    `<g clip-path="url(#part)">`,
    pictureOf(view),
    ...view.masks.map((mask) => maskOf(mask, view)),
    ...view.marks.map((mark) => shapeOf(mark, view)),
    ...badgesOf(view, shown),
    '</g>',
    `<rect x="${margin}" y="${margin}" width="${round(shown.width)}" height="${round(shown.height)}" fill="none" ${paint('stroke', paper.border)}/>`,
    ...strip.parts,
    ...legend.parts,
    '</svg>',
    '',
  ].join('\n');
}

/** A place of the original on the drawing. */
function at({ part, scale }: SvgView, x: number, y: number): { readonly x: number; readonly y: number } {
  return { x: margin + (x - part.x1) * scale, y: margin + (y - part.y1) * scale };
}

function pictureOf(view: SvgView): string {
  const { image, scale } = view;
  if (image === null || !isPicture(image.href)) return '';
  const from = at(view, image.box.x1, image.box.y1);
  const [width, height] = [(image.box.x2 - image.box.x1) * scale, (image.box.y2 - image.box.y1) * scale];
  return `<image href="${image.href}" x="${round(from.x)}" y="${round(from.y)}" width="${round(width)}" height="${round(height)}" preserveAspectRatio="none"/>`;
}

function maskOf({ loops, ink, filled, stroke }: SvgMask, view: SvgView): string {
  const path = loops
    .map((loop) => {
      const points: string[] = [];
      for (let i = 0; i + 1 < loop.length; i += 2) {
        const { x, y } = at(view, loop[i] ?? 0, loop[i + 1] ?? 0);
        points.push(`${round(x)} ${round(y)}`);
      }
      return `M${points.join('L')}Z`;
    })
    .join('');
  const fill = filled ? `${paint('fill', ink.stroke)} fill-opacity="0.32" fill-rule="evenodd"` : 'fill="none"';
  return `<path d="${path}" ${fill} ${paint('stroke', ink.stroke)} stroke-width="2"${dash(stroke)}/>`;
}

function shapeOf({ box, ink, stroke, dim, point }: SvgMark, view: SvgView): string {
  const { x1, y1, x2, y2 } = orderCorners(box);
  const from = at(view, x1, y1);
  const group = dim ? '<g opacity="0.6">' : '<g>';
  if (point !== undefined) {
    const centre = at(view, (x1 + x2) / 2, (y1 + y2) / 2);
    const [cx, cy] = [round(centre.x), round(centre.y)];
    const fill = point === 'minus' ? ink.halo : ink.stroke;
    const arms =
      point === 'plain'
        ? ''
        : `<path d="M${cx - 3} ${cy}h6${point === 'plus' ? `M${cx} ${cy - 3}v6` : ''}" ${paint('stroke', point === 'plus' ? ink.text : ink.stroke)} stroke-width="1.5"/>`;
    return `${group}<circle cx="${cx}" cy="${cy}" r="6" ${paint('fill', fill)} ${paint('stroke', ink.stroke)} stroke-width="2"/>${arms}</g>`;
  }
  const rect = `x="${round(from.x)}" y="${round(from.y)}" width="${round((x2 - x1) * view.scale)}" height="${round((y2 - y1) * view.scale)}" fill="none"`;
  return `${group}<rect ${rect} ${paint('stroke', ink.halo)} stroke-width="4"/><rect ${rect} ${paint('stroke', ink.stroke)} stroke-width="2"${dash(stroke)}/></g>`;
}

/** Numbers at the boxes' corners: beside one another where boxes begin in one place. */
function badgesOf(view: SvgView, shown: Size): readonly string[] {
  const taken: Box[] = [];
  return view.marks.flatMap(({ box, number, ink, dim, point }) => {
    if (number === '') return [];
    const { x1, y1, x2, y2 } = orderCorners(box);
    const corner = point === undefined ? at(view, x1, y1) : at(view, (x1 + x2) / 2 + 6 / view.scale, (y1 + y2) / 2);
    const width = Math.max(badgeHeight, Math.ceil(number.length * 7 + 8));
    const right = margin + shown.width - width;
    let x = Math.min(Math.max(corner.x, margin), Math.max(margin, right));
    const y = Math.min(Math.max(corner.y - badgeHeight, margin), margin + Math.max(0, shown.height - badgeHeight));
    const covers = () =>
      taken.find((other) => x < other.x2 && x + width > other.x1 && y < other.y2 && y + badgeHeight > other.y1);
    for (let other = covers(); other !== undefined && other.x2 <= right; other = covers()) x = other.x2 + 1;
    taken.push({ x1: x, y1: y, x2: x + width, y2: y + badgeHeight });
    return [
      `<g${dim ? ' opacity="0.7"' : ''}><rect x="${round(x)}" y="${round(y)}" width="${width}" height="${badgeHeight}" ${paint('fill', ink.stroke)} ${paint('stroke', ink.halo)}/>${text(number, x + width / 2, y + 12, ink.text, ' text-anchor="middle" font-weight="600" font-size="11"')}</g>`,
    ];
  });
}

/** Thumbnails in rows below the picture, each with its words. */
function stripOf(
  { strip, paper }: SvgView,
  width: number,
  top: number,
): { readonly parts: readonly string[]; readonly bottom: number } {
  const parts: string[] = [];
  let [x, y] = [margin, top];
  for (const { href, size, words, current } of strip) {
    if (!isPicture(href) || size.height <= 0) continue;
    const thumb = Math.min(width - 2 * margin, (size.width / size.height) * stripHeight);
    const room = Math.max(thumb, words.length * letter);
    if (x > margin && x + room > width - margin) [x, y] = [margin, y + stripHeight + lineHeight + 6];
    const frame = current ? `stroke-width="2" ${paint('stroke', paper.text)}` : `${paint('stroke', paper.border)}`;
    parts.push(
      `<image href="${href}" x="${round(x)}" y="${round(y)}" width="${round(thumb)}" height="${stripHeight}" preserveAspectRatio="none"/>`,
      `<rect x="${round(x)}" y="${round(y)}" width="${round(thumb)}" height="${stripHeight}" fill="none" ${frame}/>`,
      text(words, x, y + stripHeight + 14, paper.text, ''),
    );
    x += room + 10;
  }
  return { parts, bottom: parts.length === 0 ? top : y + stripHeight + lineHeight + 6 };
}

function legendOf(
  { legend, paper }: SvgView,
  width: number,
  top: number,
): { readonly parts: readonly string[]; readonly bottom: number } {
  const parts: string[] = [];
  let y = top;
  for (const { ink, number, text: words } of legend) {
    const indent = ink === null ? 0 : Math.max(28, number.length * 7 + 14);
    if (ink !== null)
      parts.push(
        `<rect x="${margin}" y="${round(y)}" width="${indent - 6}" height="${badgeHeight}" ${paint('fill', ink.stroke)}/>`,
        text(
          number,
          margin + (indent - 6) / 2,
          y + 12,
          ink.text,
          ' text-anchor="middle" font-weight="600" font-size="11"',
        ),
      );
    for (const line of broken(words, Math.floor((width - 2 * margin - indent) / letter))) {
      parts.push(text(line, margin + indent, y + 13, paper.text, ''));
      y += lineHeight;
    }
  }
  return { parts, bottom: y };
}

/** Lines of at most `room` letters, between words where there is a place. */
function broken(words: string, room: number): readonly string[] {
  const lines: string[] = [];
  let rest = words;
  while (rest.length > room) {
    const space = rest.lastIndexOf(' ', room);
    const end = space > room / 2 ? space : room;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}

function text(words: string, x: number, y: number, fill: string, more: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${paint('fill', fill)}${more}>${escapeXml(words)}</text>`;
}

function dash(stroke: 'solid' | 'dashed' | 'dotted'): string {
  return stroke === 'solid' ? '' : ` stroke-dasharray="${stroke === 'dashed' ? '8 5' : '2 3'}"`;
}

/** Readers of SVG 1.1 know no colour with an alpha of its own. */
function paint(what: 'fill' | 'stroke', colour: string): string {
  const [, rgb, alpha] = /^rgba\((\d+, ?\d+, ?\d+), ?([\d.]+)\)$/.exec(colour) ?? [];
  if (rgb === undefined || alpha === undefined) return `${what}="${escapeXml(colour)}"`;
  return `${what}="rgb(${rgb})"${Number(alpha) === 1 ? '' : ` ${what}-opacity="${alpha}"`}`;
}

const isPicture = (href: string) => /^data:image\/(?:png|jpeg|webp);base64,[A-Za-z0-9+/=]*$/.test(href);

const round = (value: number) => Math.round(value * 100) / 100;
