import { groupAdvantages } from '../core/reward/advantage';
import type { RolloutScore } from '../core/reward/scoring/scoreRollout';
import { type GroupRule, namedRule, trainerRule } from '../core/reward/trainerAdvantage';
import { placeOf, type Rollout } from '../core/trajectory/rollout';
import { toolRulesOf } from '../core/trajectory/tools/chooseRules';
import type { GroupDetail, TraceInfo } from '../protocol/data';
import { trainerOf } from '../protocol/trainerOf';
import type { ScoreCommand } from './arguments';
import { contextOf, groupDetails } from './groupPages';
import { OtherTruth } from './otherTruth';
import { type Output, printableLine, toJson } from './output';
import { type GroupScorer, type ScorerInput, scorerOf } from './scorers';
import type { Session } from './session';

/** One rollout with what a profile makes of it. */
interface Scored {
  readonly rollout: Rollout;
  readonly score: RolloutScore;
}

/** A group's members in order; `step` decides which groups are one batch. */
interface ScoredGroup {
  readonly number: number;
  readonly key: string;
  readonly step: number | null;
  readonly uncertain: boolean;
  readonly members: readonly Scored[];
}

/**
 * Recomputes every rollout's reward by a profile and its advantage within its group: one line a rollout. Samples without a
 * response are passed over. Advantages of a group whose size is doubtful are left out unless an estimator was asked for.
 */
export async function printScores(session: Session, command: ScoreCommand, out: Output): Promise<void> {
  const scorer = await scorerOf(command);
  const info = await session.info();
  const trainer = trainerOf(session.opened.format);
  const truth = command.truth === null ? null : new OtherTruth(session, command.truth);
  const rule = command.advantage === null ? trainerRule(trainer) : namedRule(command.advantage, trainer);
  const print = (group: ScoredGroup, batch?: readonly number[]) => printGroup(group, info, rule, command, out, batch);
  const held: ScoredGroup[] = [];
  try {
    for (let group = 0; group < info.groups; group++) {
      const scored = await scoreGroup(session, group, scorer, truth);
      if (rule.estimator.kind === 'batch') held.push(scored);
      else await print(scored);
    }
  } finally {
    scorer.dispose();
  }
  truth?.tell();
  const batches = new Map<number | null, number[]>();
  for (const { step, members } of held)
    batches.set(step, [...(batches.get(step) ?? []), ...members.map(({ score }) => totalOf(score))]);
  for (const group of held) await print(group, batches.get(group.step) ?? []);
}

async function scoreGroup(
  session: Session,
  group: number,
  scorer: GroupScorer,
  truth: OtherTruth | null,
): Promise<ScoredGroup> {
  const inputs: ScorerInput[] = [];
  let summary: GroupDetail['summary'] | null = null;
  for await (const { detail, rollouts } of groupDetails(session, group)) {
    summary ??= detail.summary;
    const context = await contextOf(session, detail);
    const own = rollouts.filter(({ kind }) => kind === 'rollout');
    const rulesOf = (rollout: Rollout) => toolRulesOf(rollout, context.format, context.tool, context.configTool).rules;
    const placing = { frames: detail.frames, image: context.size, rulesOf };
    const page = own.map((rollout): ScorerInput => ({ rollout, ...placing }));
    inputs.push(...(truth === null ? page : await truth.given(group, page)));
  }
  const { key = '', step = null, uncertain = false } = summary ?? {};
  const scores = await scorer.score(inputs);
  const members = inputs.flatMap(({ rollout }, i) => {
    const score = scores[i];
    return score === undefined ? [] : [{ rollout, score }];
  });
  return { number: group + 1, key, step, uncertain, members };
}

async function printGroup(
  { number, key, step, uncertain, members }: ScoredGroup,
  info: TraceInfo,
  { estimator, single }: GroupRule,
  { json, advantage }: ScoreCommand,
  out: Output,
  batch?: readonly number[],
): Promise<void> {
  const totals = members.map(({ score }) => totalOf(score));
  const silent = uncertain && advantage === null;
  const advantages = silent ? [] : groupAdvantages(totals, estimator, single, batch);
  for (const [i, { rollout, score }] of members.entries()) {
    const id = placeOf(rollout);
    const own = advantages[i] ?? Number.NaN;
    const document = {
      id,
      group: number,
      groupKey: key,
      step,
      components: Object.fromEntries(score.components.map(({ name, scored }) => [name, numberOf(scored)])),
      total: numberOf(score.total),
      advantage: silent || score.total.kind === 'missing' ? null : own,
      logged: loggedOf(rollout, info, score),
      ...notes(score, uncertain),
    };
    await out.line(json ? toJson(document) : printableLine(textOf(document)));
  }
}

const totalOf = ({ total }: RolloutScore): number => numberOf(total) ?? Number.NaN;

function numberOf(scored: RolloutScore['total']): number | null {
  return scored.kind === 'value' ? scored.value : null;
}

/** What the log itself says: its total, the components it shares with the profile or names, its advantage. */
function loggedOf({ reward, fields }: Rollout, info: TraceInfo, { components }: RolloutScore): object {
  const wanted = new Set([...info.rewardComponents, ...components.map(({ name }) => name)]);
  const numbers = fields.flatMap(({ name, value }) => {
    if (typeof value === 'boolean') return [[name, value ? 1 : 0] as const];
    return typeof value === 'number' ? [[name, value] as const] : [];
  });
  const advantage = numbers.find(([name]) => name === 'advantage' || name === 'advantages')?.[1] ?? null;
  return {
    total: reward,
    components: Object.fromEntries(numbers.filter(([name]) => wanted.has(name))),
    advantage,
  };
}

/** Why numbers are missing, and what was assumed for those that are there; left out where there is nothing to say. */
function notes({ components }: RolloutScore, uncertain: boolean): object {
  const said = components.flatMap(({ name, scored }) => {
    const text = scored.kind === 'missing' ? scored.reason : scored.note;
    return text === undefined ? [] : [[name, text] as const];
  });
  return {
    ...(said.length === 0 ? {} : { notes: Object.fromEntries(said) }),
    ...(uncertain ? { uncertain: true } : {}),
  };
}

interface Line {
  readonly id: string;
  readonly group: number;
  readonly components: Readonly<Record<string, number | null>>;
  readonly total: number | null;
  readonly advantage: number | null;
}

function textOf({ id, group, components, total, advantage }: Line): string {
  const parts = Object.entries(components).map(([name, value]) => `${name} ${shown(value)}`);
  return `${id}  group ${group}  total ${shown(total)}  advantage ${shown(advantage)}  ${parts.join(', ')}`;
}

const shown = (value: number | null) => (value === null ? '–' : String(Math.round(value * 1e6) / 1e6));
