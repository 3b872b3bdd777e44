import type { Box, Size } from '../../src/core/geometry/box';
import type { JsonValue } from '../../src/core/text/jsonValue';
import type { FormatBadge, LoggedStepLabel } from '../../src/core/trajectory/rollout';
import type { IconName } from '../ui/icon';

/** How numbers, boxes and states are written in the editor. */

const grouped = new Intl.NumberFormat('en-GB');

export const count = (value: number): string => grouped.format(value);

/** `1 rollout`, `8 rollouts`. */
export const counted = (value: number, noun: string, plural = `${noun}s`): string =>
  `${count(value)} ${value === 1 ? noun : plural}`;

/** Three decimals, exponents for what they cannot show; words for what is not a finite number. */
export function decimal(value: number): string {
  if (Number.isNaN(value)) return 'not a number';
  if (!Number.isFinite(value)) return value > 0 ? 'infinite' : '−infinite';
  const size = Math.abs(value);
  const text = size !== 0 && (size < 0.0005 || size >= 1e6) ? value.toExponential(2) : value.toFixed(3);
  return text.replaceAll('-', '−');
}

/** As `decimal`, with its sign. */
export const signed = (value: number): string => (value > 0 ? `+${decimal(value)}` : decimal(value));

/** As `decimal`, in the width of a list's column. */
export function shortReward(value: number | null): string {
  if (value === null) return '–';
  return Number.isNaN(value) ? 'NaN' : Number.isFinite(value) ? decimal(value) : value > 0 ? '∞' : '−∞';
}

/** What a screen reader says of a reward. */
export const spokenReward = (value: number | null): string =>
  value === null ? 'no reward' : `reward ${decimal(value)}`;

/** Elements of a longer list, such as one number per token, that are shown. */
const listShown = 8;
const longList = 32;

/** A logged value on one line: numbers to seven digits, text as it is, lists and objects as JSON, long lists cut. */
export function logged(value: JsonValue): string {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return decimal(value);
    return Number.isInteger(value) || Math.abs(value) >= 1e15 ? String(value) : String(Number(value.toPrecision(7)));
  }
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.length > longList) {
    const first = value.slice(0, listShown).map((item: JsonValue) => json(item));
    return `[${first.join(', ')}, … ${count(value.length)} in all]`;
  }
  return json(value);
}

/** JSON for reading, NaN and infinities spelt as Python writes them. */
export function json(value: JsonValue, indent = 0): string {
  const marked = JSON.stringify(
    value,
    (_, inner: unknown) => (typeof inner === 'number' && !Number.isFinite(inner) ? `\u0000${inner}\u0000` : inner),
    indent,
  );
  return marked.replaceAll(/"\\u0000(NaN|-?Infinity)\\u0000"/g, '$1');
}

const coordinate = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toFixed(Math.abs(value) < 10 ? 3 : 1)));

/** Corners as `x1, y1, x2, y2`. */
export const corners = (box: Box): string => [box.x1, box.y1, box.x2, box.y2].map(coordinate).join(', ');

export const pixels = (size: Size): string => `${Math.round(size.width)} × ${Math.round(size.height)} px`;

/** Width and height of a box in its own units, rounded as a crop of it would be. */
export const extent = (box: Box): Size => ({ width: Math.abs(box.x2 - box.x1), height: Math.abs(box.y2 - box.y1) });

/** Name, icon and meaning of a format badge. */
export const badges: Readonly<
  Record<FormatBadge, { readonly text: string; readonly icon: IconName; readonly title: string }>
> = {
  ok: { text: 'ok', icon: 'check', title: 'Every promised action was read' },
  repaired: { text: 'repaired', icon: 'wrench', title: 'Read after a repair' },
  malformed: { text: 'malformed', icon: 'error', title: 'At least one promised action could not be read' },
  none: { text: 'no action', icon: 'circle-slash', title: 'The text promises no action' },
};

/** Sides of a pair in preference data. */
export const preferences: Readonly<
  Record<'chosen' | 'rejected', { readonly text: string; readonly icon: IconName; readonly title: string }>
> = {
  chosen: { text: 'chosen', icon: 'thumbsup', title: 'The preferred side of its pair' },
  rejected: { text: 'rejected', icon: 'thumbsdown', title: 'The other side of its pair' },
};

/** What a logged label says of a turn. */
export const stepLabels: Readonly<
  Record<LoggedStepLabel['label'], { readonly number: string; readonly text: string; readonly icon: IconName }>
> = {
  1: { number: '+1', text: 'right', icon: 'smiley' },
  0: { number: '0', text: 'neutral', icon: 'circle' },
  [-1]: { number: '−1', text: 'wrong', icon: 'error' },
};

const compact = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 2 });

/** A number in the width of an axis: three significant digits, thousands as `12K`. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 10_000) return compact.format(value).replaceAll('-', '−');
  const text = size !== 0 && size < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
  return text.replaceAll('-', '−');
}
