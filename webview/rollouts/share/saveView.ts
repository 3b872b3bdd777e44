import type { Box, Size } from '../../../src/core/geometry/box';
import { type SvgInk, type SvgView, viewSvg } from '../../../src/core/picture/viewSvg';
import type { ViewChoice } from '../../../src/protocol/share';
import type { ImageCanvas } from '../../canvas/imageCanvas';
import { readTheme } from '../../canvas/theme';
import { loadLook } from '../chain/lookPicture';
import type { LookStore } from '../chain/lookStore';
import { masksOf } from '../chain/masks';
import type { Picture } from '../picture/decode';
import type { MarkStore } from '../picture/markStore';
import { canvasRegions, type Mark } from '../picture/marks';
import { markWords } from '../picture/pictureWords';
import type { Session } from '../store/session';
import { pixels, shortReward } from '../words';

/** What a view is made of. */
export interface ViewParts {
  readonly session: Session;
  readonly store: MarkStore;
  readonly looks: LookStore;
  readonly canvas: ImageCanvas;
  /** The part of the image on screen; null while all of it is. */
  readonly visible: Box | null;
}

/** Longer side of the picture inside the drawing; the media process makes no larger one. */
const mostPixels = 4096;
const thumbPixels = 240;
const mostThumbs = 24;
const mostLines = 60;
/** What browsers paint at once. */
const mostPngPixels = 64e6;

/** Asks how, and saves what the canvas shows: picture, boxes with their numbers, masks, what the policy saw, and a legend. */
export async function saveView(parts: ViewParts): Promise<void> {
  const { session } = parts;
  const size = session.imageSize.value;
  if (size === null || session.rollout === null) return session.say('There is no picture to save.');
  try {
    const choice = await session.host.call('share/choose', { zoomed: parts.visible !== null }, unhurried);
    if (choice === null) return;
    const svg = viewSvg(await viewOf(parts, choice, size));
    const content = choice.format === 'svg' ? svg : await pngOf(svg);
    const saved = await session.host.call('share/save', { format: choice.format, content }, unhurried);
    if (saved) session.say('The view is saved.');
  } catch (error) {
    session.report(error);
  }
}

/** The user is asked meanwhile. */
const unhurried = { deadline: Number.POSITIVE_INFINITY };

async function viewOf(parts: ViewParts, choice: ViewChoice, size: Size): Promise<SvgView> {
  const { session, store, looks, visible } = parts;
  const part = wholePixels(choice.part === 'visible' && visible !== null ? visible : null, size);
  const extent = { width: part.x2 - part.x1, height: part.y2 - part.y1 };
  const scale = choice.width === null ? choice.scale : choice.width / extent.width;
  const theme = readTheme(document.body);
  const ink = (palette: number): SvgInk => theme.inks[palette] ?? { stroke: 'gray', halo: 'black', text: 'black' };
  const picture = await pictureOf(
    parts,
    part,
    Math.min(mostPixels, Math.ceil(Math.max(extent.width, extent.height) * scale)),
  );
  const { masks } = masksOf(session.rollout, looks.current, size, session.truth.value);
  const marks = store.marks.value.list.filter(({ box }) => box !== null && meets(box, part));
  const inked = canvasRegions(marks).map((region) => ({ ...region, ink: ink(region.palette) }));
  const inks = new Map(inked.map((region) => [region.id, region.ink]));
  const lines = [...marks]
    .sort(byKind)
    .slice(0, mostLines)
    .map((mark) => {
      return { ink: inks.get(mark.id) ?? null, number: mark.number, text: markWords(mark) };
    });
  const more =
    marks.length > mostLines ? [{ ink: null, number: '', text: `and ${marks.length - mostLines} more` }] : [];
  const title = titleOf(session);
  return {
    title,
    part,
    scale,
    image: { href: dataUri(picture), box: part },
    masks: masks.map((mask) => ({ ...mask, ink: ink(mask.palette) })),
    marks: inked.map(({ emphasis, ...region }) => ({ ...region, dim: emphasis === 'dim' })),
    strip: await stripOf(parts),
    legend: [{ ink: null, number: '', text: `${title} · ${shownWords(part, size)}` }, ...lines, ...more],
    paper: { background: theme.background, text: theme.label.text, border: theme.border },
  };
}

/** The selected rollout's own before those it is compared with, each kind in its order. */
function byKind(a: Mark, b: Mark): number {
  const own = ({ kind }: Mark) => (kind === 'region' || kind === 'click' ? 0 : 1);
  return own(a) - own(b);
}

function titleOf({ welcome, rollout, place, summary }: Session): string {
  const step = summary?.step ?? rollout?.step ?? null;
  const words = [
    welcome.name,
    step === null ? '' : `step ${step}`,
    place.value === null ? '' : `group ${place.value.group + 1}, rollout ${place.value.member + 1}`,
    rollout?.reward === null || rollout === null ? '' : `reward ${shortReward(rollout.reward)}`,
  ];
  return words.filter((word) => word !== '').join(' · ');
}

function shownWords(part: Box, size: Size): string {
  const whole = part.x1 === 0 && part.y1 === 0 && part.x2 === size.width && part.y2 === size.height;
  const frame = 'boxes in pixels of the original image';
  if (whole) return `image of ${pixels(size)}; ${frame}`;
  return `part [${part.x1}, ${part.y1}, ${part.x2}, ${part.y2}] of an image of ${pixels(size)}; ${frame}`;
}

async function pictureOf({ session, looks }: ViewParts, part: Box, maxSide: number): Promise<Picture> {
  const { signal } = new AbortController();
  const { screen } = looks;
  const group = session.place.value?.group ?? 0;
  if (screen === null) return session.pictures.part(group, part, maxSide, signal);
  const picture = await session.views.load({ ...screen, box: part, maxSide }, signal);
  if (picture === null) throw new Error('The log left the picture of this turn out.');
  return picture;
}

/** The strip as far as it is on show; a picture that cannot be had leaves its place out. */
async function stripOf({ session, looks }: ViewParts): Promise<SvgView['strip']> {
  const { kind, list } = looks.looks.value;
  if (list.length < 2 || (kind === 'zoom' && !session.chain.value)) return [];
  const { signal } = new AbortController();
  const found: SvgView['strip'][number][] = [];
  for (const look of list.slice(0, mostThumbs)) {
    if (look.picture === null) continue;
    const shown = await loadLook(session, look.picture, thumbPixels, signal).catch(() => null);
    if (shown === null) continue;
    const { size } = shown.picture;
    found.push({ href: dataUri(shown.picture), size, words: look.badge, current: look.index === session.look.value });
  }
  return found;
}

/** Photos as JPEG; small pictures, whose single pixels are looked at, without loss. */
function dataUri({ source, size }: Picture): string {
  const canvas = document.createElement('canvas');
  canvas.width = size.width;
  canvas.height = size.height;
  canvas.getContext('2d')?.drawImage(source, 0, 0, size.width, size.height);
  return size.width * size.height <= 512 * 512 ? canvas.toDataURL('image/png') : canvas.toDataURL('image/jpeg', 0.92);
}

async function pngOf(svg: string): Promise<Uint8Array> {
  const uri = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = uri;
    await image.decode();
    if (image.naturalWidth * image.naturalHeight > mostPngPixels)
      throw new Error('This is too large for a PNG: choose a smaller scale, or SVG.');
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    canvas.getContext('2d')?.drawImage(image, 0, 0);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (blob === null) throw new Error('The PNG could not be made.');
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    URL.revokeObjectURL(uri);
  }
}

/** The whole pixels a part touches, within the image; all of it for null. */
function wholePixels(part: Box | null, { width, height }: Size): Box {
  if (part === null) return { x1: 0, y1: 0, x2: width, y2: height };
  return {
    x1: Math.min(width - 1, Math.max(0, Math.floor(part.x1))),
    y1: Math.min(height - 1, Math.max(0, Math.floor(part.y1))),
    x2: Math.max(1, Math.min(width, Math.ceil(part.x2))),
    y2: Math.max(1, Math.min(height, Math.ceil(part.y2))),
  };
}

function meets(box: Box, part: Box): boolean {
  const [left, right] = [Math.min(box.x1, box.x2), Math.max(box.x1, box.x2)];
  const [top, bottom] = [Math.min(box.y1, box.y2), Math.max(box.y1, box.y2)];
  return left <= part.x2 && right >= part.x1 && top <= part.y2 && bottom >= part.y1;
}
