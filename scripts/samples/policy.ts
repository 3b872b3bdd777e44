/**
 * A make-believe sensing policy: it writes answers of the kind an ACTIVE-O3 policy writes, better ones with more `skill`,
 * and now and then a damaged one. What it writes is invented; what it is paid is computed.
 */
import type { Box, Size } from '../../src/core/geometry/box';
import type { Random } from './random';

export type Manner = 'plain' | 'fenced' | 'keyHoldsBox' | 'cutOff' | 'unreadable' | 'overlapping';

export interface Look {
  readonly response: string;
  readonly manner: Manner;
}

/** The three windows of an image that hold the most objects, greedily, in original pixels. */
export function denseWindows(objects: readonly Box[], image: Size): Box[] {
  let left = [...objects];
  const windows: Box[] = [];
  const side = 0.26 * Math.max(image.width, image.height);
  while (windows.length < 3 && left.length > 0) {
    const centres = left.map(centre);
    const best = centres
      .map((c) => ({ c, near: left.filter((_, i) => reach(c, centres[i]) < side / 2) }))
      .reduce((a, b) => (b.near.length > a.near.length ? b : a));
    windows.push(grow(union(best.near), 0.18, image));
    left = left.filter((b) => !best.near.includes(b));
  }
  return windows;
}

/** One response about `what`, its boxes in the pixels of `input`, the model's resized image. */
export function look(
  random: Random,
  what: string,
  windows: readonly Box[],
  image: Size,
  input: Size,
  skill: number,
): Look {
  const manner = pickManner(random, skill);
  const count = random.next() < 0.75 ? 3 : 2;
  const aims = windows
    .slice(0, count)
    .map((w) =>
      random.next() < 0.25 + 0.7 * skill ? jitter(random, w, image, 0.35 * (1 - skill) + 0.05) : wander(random, image),
    );
  if (aims.length === 0) aims.push(wander(random, image));
  if (manner === 'overlapping' && aims[0] !== undefined)
    aims.splice(1, aims.length - 1, jitter(random, aims[0], image, 0.08));
  const boxes = aims.map((b) => toInput(b, image, input));
  return { response: write(what, boxes, input, manner), manner };
}

function pickManner(random: Random, skill: number): Manner {
  const roll = random.next();
  const trouble = 0.34 * (1 - skill) + 0.06;
  if (roll < trouble * 0.28) return 'unreadable';
  if (roll < trouble * 0.5) return 'cutOff';
  if (roll < trouble * 0.75) return 'keyHoldsBox';
  if (roll < trouble) return 'overlapping';
  return roll < trouble + 0.2 ? 'fenced' : 'plain';
}

function write(what: string, boxes: readonly number[][], input: Size, manner: Manner): string {
  const places = boxes.map((b) => whereabouts(b, input));
  const thought = [
    `The picture is large and each ${what} is small, so single ones are hard to make out at this size.`,
    ...places.map(
      (place, i) =>
        `${['Most of the fine detail', 'A second cluster', 'A few more'][i] ?? 'More'} ${i === 0 ? 'lies' : 'shows'} in the ${place} of the frame${i === 0 ? ', where similar light shapes sit close together' : ''}.`,
    ),
    'I keep the regions apart and leave some surroundings in each.',
  ].join(' ');
  const label = `${what}-dense region`;
  const items = boxes.map((b) => `{"bbox_2d": [${b.join(', ')}], "label": "${label}"}`);
  const think = `<think>${thought}</think>`;
  switch (manner) {
    case 'fenced':
      return `${think}\n<answer>\n\`\`\`json\n[\n${items.map((i) => `\t${i}`).join(',\n')}\n]\n\`\`\`\n</answer>`;
    case 'keyHoldsBox':
      return `${think} <answer>[${boxes.map((b) => `{"bbox_2d [${b.join(', ')}]": "${label}"}`).join(', ')}]</answer>`;
    case 'cutOff':
      return `${think} <answer>[${items.join(', ').slice(0, -Math.floor((items.at(-1)?.length ?? 0) * 0.6))}`;
    case 'unreadable':
      return `${think} <answer>[{"bbox_2d": "the ${places[0] ?? 'middle'} part", "label": "${label}"}]</answer>`;
    default:
      return `${think} <answer>[${items.join(', ')}]</answer>`;
  }
}

function whereabouts(box: readonly number[], input: Size): string {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = box;
  const column = ['left', 'middle', 'right'][Math.min(2, Math.floor((1.5 * (x1 + x2)) / input.width))];
  const row = ['upper', 'central', 'lower'][Math.min(2, Math.floor((1.5 * (y1 + y2)) / input.height))];
  return `${row} ${column}`;
}

function toInput(box: Box, image: Size, input: Size): number[] {
  const sx = input.width / image.width;
  const sy = input.height / image.height;
  return [box.x1 * sx, box.y1 * sy, box.x2 * sx, box.y2 * sy].map(Math.round);
}

function wander(random: Random, image: Size): Box {
  const width = image.width * random.between(0.06, 0.34);
  const height = image.height * random.between(0.06, 0.34);
  const x1 = random.between(0, image.width - width);
  const y1 = random.between(0, image.height - height);
  return { x1, y1, x2: x1 + width, y2: y1 + height };
}

function jitter(random: Random, box: Box, image: Size, amount: number): Box {
  const [w, h] = [box.x2 - box.x1, box.y2 - box.y1];
  const [dx, dy] = [random.normal() * amount * w, random.normal() * amount * h];
  const s = Math.exp(random.normal() * amount * 0.6);
  const c = centre(box);
  return clamp(
    { x1: c.x + dx - (w * s) / 2, y1: c.y + dy - (h * s) / 2, x2: c.x + dx + (w * s) / 2, y2: c.y + dy + (h * s) / 2 },
    image,
  );
}

function clamp(box: Box, image: Size): Box {
  const x = (v: number) => Math.min(image.width, Math.max(0, v));
  const y = (v: number) => Math.min(image.height, Math.max(0, v));
  return { x1: x(box.x1), y1: y(box.y1), x2: x(box.x2), y2: y(box.y2) };
}

function grow(box: Box, share: number, image: Size): Box {
  const [w, h] = [Math.max(box.x2 - box.x1, 0.14 * image.width), Math.max(box.y2 - box.y1, 0.14 * image.height)];
  const c = centre(box);
  const k = 0.5 + share / 2;
  return clamp({ x1: c.x - w * k, y1: c.y - h * k, x2: c.x + w * k, y2: c.y + h * k }, image);
}

function union(boxes: readonly Box[]): Box {
  return {
    x1: Math.min(...boxes.map((b) => b.x1)),
    y1: Math.min(...boxes.map((b) => b.y1)),
    x2: Math.max(...boxes.map((b) => b.x2)),
    y2: Math.max(...boxes.map((b) => b.y2)),
  };
}

function centre(box: Box): { x: number; y: number } {
  return { x: (box.x1 + box.x2) / 2, y: (box.y1 + box.y2) / 2 };
}

function reach(a: { x: number; y: number }, b: { x: number; y: number } | undefined): number {
  return b === undefined ? Number.POSITIVE_INFINITY : Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y));
}
