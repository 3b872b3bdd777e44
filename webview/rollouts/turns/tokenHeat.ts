import type { TextSpan, TokenTrack } from '../../../src/core/trajectory/rollout';
import { decimal } from '../words';
import type { TextMark } from './segments';

/** What tokens can be coloured by. */
export const heatKinds = ['rewards', 'logprobs', 'values'] as const;
export type HeatKind = (typeof heatKinds)[number];

export const heatWords: Readonly<
  Record<HeatKind, { readonly label: string; readonly one: string; readonly many: string; readonly scale: string }>
> = {
  rewards: { label: 'Reward', one: 'reward', many: 'rewards', scale: 'Symmetric about 0' },
  logprobs: {
    label: 'Log-probability',
    one: 'log-probability',
    many: 'log-probabilities',
    scale: 'Shaded by 1 − probability',
  },
  values: { label: 'Value', one: 'value', many: 'values', scale: 'Symmetric about 0' },
};

/** Steps of colour on either side of the middle. */
export const heatSteps = 5;

export interface HeatScale {
  readonly kind: HeatKind;
  /** Of the finite numbers; NaN when there is none. */
  readonly min: number;
  readonly max: number;
  /** The number that has the strongest colour, by its size. */
  readonly limit: number;
}

export function heatScale(kind: HeatKind, numbers: readonly number[]): HeatScale {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of numbers) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min > max) return { kind, min: Number.NaN, max: Number.NaN, limit: 0 };
  return { kind, min, max, limit: Math.max(Math.abs(min), Math.abs(max)) };
}

/**
 * Step of the diverging scale, −5 to 5; 0 has no colour. Rewards and values are shaded by their size, log-probabilities by
 * how unlikely the token was, 1 − exp(logprob). What is not a number has no colour; infinite is the strongest.
 */
export function heatStep(value: number, { kind, limit }: HeatScale): number {
  if (Number.isNaN(value)) return 0;
  if (kind === 'logprobs') return value >= 0 ? 0 : -Math.round((1 - Math.exp(value)) * heatSteps);
  if (value === 0 || limit === 0) return 0;
  const size = Math.min(1, Math.abs(value) / limit);
  // What is not nothing is seen, however small beside the largest.
  return Math.sign(value) * Math.max(1, Math.round(size * heatSteps));
}

/** A mark for each token of [0, length) that has a colour or a number worth telling. */
export function heatMarks(track: TokenTrack, kind: HeatKind, length: number): TextMark[] {
  const numbers = track[kind];
  if (numbers === null) return [];
  const scale = heatScale(kind, numbers);
  return track.starts.flatMap((start, token): TextMark[] => {
    const end = Math.min(length, track.starts[token + 1] ?? length);
    const value = numbers[token];
    if (value === undefined || end <= start) return [];
    const step = heatStep(value, scale);
    return [new TokenMark(track, token, { start, end }, step)];
  });
}

/** Most tokens are never pointed at, nor even painted: words are made when they are asked for. */
class TokenMark implements TextMark {
  readonly kind = 'token';
  readonly id = null;

  constructor(
    private readonly track: TokenTrack,
    private readonly token: number,
    readonly span: TextSpan,
    readonly step: number,
  ) {}

  get title(): string {
    return titleOf(this.track, this.token);
  }
}

function titleOf(track: TokenTrack, token: number): string {
  return heatKinds
    .flatMap((kind) => {
      const value = track[kind]?.[token];
      return value === undefined ? [] : [`${heatWords[kind].one} ${decimal(value)}`];
    })
    .join(' · ');
}
