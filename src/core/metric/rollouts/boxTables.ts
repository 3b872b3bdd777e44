import type { ResultTable, TruthTable } from '../coco/tables';
import type { EvaluatedRollout } from './evaluatedRollout';

export interface BoxTables {
  readonly truth: TruthTable;
  readonly results: ResultTable;
  readonly categories: readonly string[];
  /** Every box has a score of its own; else all count as 1, and the order of answers decides. */
  readonly scored: boolean;
  /** Boxes whose label is no category; they are left out. */
  readonly unnamed: number;
}

/** Boxes of rollouts as columns: each rollout is an image of its own. `agnostic`: one category, whatever labels say. */
export function boxTables(rollouts: readonly EvaluatedRollout[], agnostic: boolean): BoxTables {
  const given = rollouts.flatMap(({ truth }, image) => truth?.map((one) => ({ ...one, image })) ?? []);
  const all = rollouts.flatMap(({ found }, image) => found?.map((one) => ({ ...one, image })) ?? []);
  const categories = [...new Set(given.map(({ category }) => category))].sort();
  const numbers = new Map(categories.map((category, i) => [category, i]));
  const found = all.filter(({ category }) => agnostic || (category !== null && numbers.has(category)));
  const scored = found.length > 0 && found.every(({ score }) => score !== null);
  const numberOf = (category: string | null) => numbers.get(category ?? '') ?? 0;
  return {
    truth: {
      ...columns(given, numberOf),
      areas: Float64Array.from(given, ({ area }) => area),
      crowd: Uint8Array.from(given, ({ crowd }) => (crowd ? 1 : 0)),
      ignore: Uint8Array.from(given, ({ crowd }) => (crowd ? 1 : 0)),
      zeroId: new Uint8Array(given.length),
    },
    results: {
      ...columns(found, numberOf),
      areas: Float64Array.from(found, ({ box }) => (box.x2 - box.x1) * (box.y2 - box.y1)),
      scores: Float64Array.from(found, ({ score }) => (scored ? (score ?? 1) : 1)),
      lenient: null,
    },
    categories,
    scored,
    unnamed: all.length - found.length,
  };
}

type Row = {
  readonly image: number;
  readonly category: string | null;
  readonly box: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number };
};

function columns(rows: readonly Row[], numberOf: (category: string | null) => number) {
  return {
    length: rows.length,
    image: Int32Array.from(rows, ({ image }) => image),
    category: Int32Array.from(rows, ({ category }) => numberOf(category)),
    boxes: Float64Array.from(rows.flatMap(({ box: { x1, y1, x2, y2 } }) => [x1, y1, x2 - x1, y2 - y1])),
    mask: null,
  };
}
