import { setImmediate as nextTurn } from 'node:timers/promises';
import { type PassRule, passRule, passWords } from '../../../../core/metric/passRule';
import { standardDeviation } from '../../../../core/reward/advantage';
import type { ImageValues } from '../../../../protocol/imageSet';
import type { RolloutColumnName } from '../../../../protocol/imageSetRollouts';
import type { TraceTables } from '../../trace/tables';
import type { GroupImages } from './traceMatch';

/** Groups summed up before other requests get their turn. */
const slice = 1000;

/** A trace whose groups are matched. */
export interface MatchedTrace {
  readonly tables: TraceTables;
  imagesOf(group: number): GroupImages | null;
}

/** What a trace's rollouts on the set's images come to. */
export interface TraceCounts {
  readonly rollouts: number;
  readonly rewarded: number;
  readonly rule: PassRule | null;
}

/** Columns by image, with the means of totals, and what each trace gave. */
export interface RolloutColumns {
  readonly columns: readonly ImageValues[];
  readonly traces: readonly TraceCounts[];
  /** Images with rollouts. */
  readonly images: number;
  /** Mean total by image; NaN without one. */
  readonly rewards: Float64Array;
}

const abouts: Readonly<Record<Exclude<RolloutColumnName, 'passRate'>, string>> = {
  rollouts: 'Rollouts of the joined traces on the image; attempts that a resumed run replaced are left out.',
  reward: 'Mean total reward of the rollouts on the image, as logged.',
  rewardSpread:
    'Standard deviation (population) of the total rewards in a group of rollouts on the image, mean over its groups.',
};

/** Sums up what the rollouts of traces say of each image. Rows without a finite total count as rollouts and for nothing else. */
export async function rolloutColumns(
  traces: readonly MatchedTrace[],
  images: number,
  asked: number | null,
): Promise<RolloutColumns> {
  const sums = new Sums(images);
  const counts: TraceCounts[] = [];
  for (const trace of traces) counts.push(await addTrace(trace, sums, asked));
  const rules = counts.flatMap(({ rule }) => (rule === null ? [] : [passWords(rule)]));
  const passes = [...new Set(rules)].join('; ');
  const column = (name: RolloutColumnName, about: string, value: (image: number) => number): ImageValues => {
    const all = Uint32Array.from({ length: images }, (_, image) => image);
    return { name, about, images: all, values: Float64Array.from(all, value) };
  };
  const reward = column('reward', abouts.reward, (image) => sums.mean(sums.total, sums.rewarded, image));
  const columns = [
    column('rollouts', abouts.rollouts, (image) => sums.rollouts[image] ?? 0),
    reward,
    column('rewardSpread', abouts.rewardSpread, (image) => sums.mean(sums.spread, sums.groups, image)),
    column('passRate', `Part of the rollouts on the image that pass (${passes || 'nothing says which do'}).`, (image) =>
      sums.mean(sums.passed, sums.judged, image),
    ),
  ];
  return {
    columns,
    traces: counts,
    images: sums.rollouts.reduce((count, rollouts) => count + Number(rollouts > 0), 0),
    rewards: reward.values,
  };
}

class Sums {
  readonly rollouts: Float64Array;
  readonly total: Float64Array;
  readonly rewarded: Float64Array;
  readonly spread: Float64Array;
  readonly groups: Float64Array;
  readonly passed: Float64Array;
  readonly judged: Float64Array;

  constructor(images: number) {
    const zeros = () => new Float64Array(images);
    [this.rollouts, this.total, this.rewarded] = [zeros(), zeros(), zeros()];
    [this.spread, this.groups, this.passed, this.judged] = [zeros(), zeros(), zeros(), zeros()];
  }

  mean(sum: Float64Array, count: Float64Array, image: number): number {
    const n = count[image] ?? 0;
    return n === 0 ? Number.NaN : (sum[image] ?? 0) / n;
  }
}

async function addTrace({ tables, imagesOf }: MatchedTrace, sums: Sums, asked: number | null): Promise<TraceCounts> {
  const { groups, rows, attempts } = tables;
  const { rule, value } = ruleOf(tables, asked);
  const counts = { rollouts: 0, rewarded: 0, rule };
  for (let group = 0; group < groups.length; group++) {
    if (group % slice === 0) await nextTurn();
    const used = imagesOf(group);
    if (used === null) continue;
    const totals: number[] = [];
    let [rollouts, judged, passed] = [0, 0, 0];
    for (const row of tables.rowsOf(group)) {
      const { sample, reward, file, step } = rows.get(row);
      if (sample || attempts.ofGroup(group, file, step)?.superseded === true) continue;
      rollouts++;
      if (reward !== null && Number.isFinite(reward)) totals.push(reward);
      const judgement = value(row);
      if (rule === null || judgement === null || Number.isNaN(judgement)) continue;
      judged++;
      if (judgement >= rule.least) passed++;
    }
    counts.rollouts += rollouts;
    counts.rewarded += totals.length;
    const total = totals.reduce((sum, reward) => sum + reward, 0);
    for (const image of used.images) {
      add(sums.rollouts, image, rollouts);
      add(sums.total, image, total);
      add(sums.rewarded, image, totals.length);
      add(sums.judged, image, judged);
      add(sums.passed, image, passed);
      if (totals.length < 2) continue;
      add(sums.spread, image, standardDeviation(totals, 'population'));
      add(sums.groups, image, 1);
    }
  }
  return counts;
}

function ruleOf({ columns, rows }: TraceTables, asked: number | null) {
  const total = columns.own('reward');
  const logged = columns.loggedValues;
  const values = logged.map(({ name, data }) => ({ name, value: (row: number) => data.at(row) }));
  const rule = passRule(rows.length, (row) => total.at(row), values, asked);
  const data = logged.find(({ name }) => name === rule?.column)?.data ?? total;
  return { rule, value: (row: number) => data.at(row) };
}

function add(to: Float64Array, at: number, value: number): void {
  to[at] = (to[at] ?? 0) + value;
}
