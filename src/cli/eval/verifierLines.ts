import {
  type Faithfulness,
  type FaithfulnessReport,
  faithfulness,
  type Probe,
  type ProbedRollout,
  probeKinds,
} from '../../core/metric/faithfulness';
import type { JudgeReport } from '../../core/metric/judges';
import type { JsonValue } from '../../core/text/jsonValue';
import type { Rollout } from '../../core/trajectory/rollout';

export interface Verified {
  readonly judges: readonly JudgeReport[];
  /** Null where nothing was asked again. */
  readonly faithfulness: (FaithfulnessReport & { readonly byRollout: readonly ScoredRollout[] }) | null;
}

export interface ScoredRollout extends Faithfulness {
  /** File and line. */
  readonly id: string;
}

/** Rollouts of which something was asked again, those whose answers follow the picture least first. */
export function scoredRollouts(probed: readonly (ProbedRollout & { readonly id: string })[]): readonly ScoredRollout[] {
  return probed
    .filter(({ probes }) => probes.length > 0)
    .map(({ id, probes }) => ({ id, ...faithfulness({ probes }) }))
    .sort((a, b) => (a.visual ?? 2) - (b.visual ?? 2) || (a.textual ?? 2) - (b.textual ?? 2));
}

/** Questions that were asked again, as the column `probes` of a trace lists them (docs/evaluation.md); others are passed over. */
export function probesIn({ fields }: Pick<Rollout, 'fields'>): readonly Probe[] {
  const value = fields.find(({ name }) => name === 'probes')?.value;
  if (!Array.isArray(value)) return [];
  return (value as readonly JsonValue[]).flatMap((one): readonly Probe[] => {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return [];
    const { kind, changed, right } = one as { readonly [key: string]: JsonValue };
    const known = probeKinds.find((name) => name === kind);
    if (known === undefined || typeof changed !== 'boolean') return [];
    return [{ kind: known, changed, right: typeof right === 'boolean' ? right : null }];
  });
}

export function verifierLines({ judges, faithfulness }: Verified): readonly string[] {
  return [...judges.flatMap(judgeLines), ...(faithfulness === null ? [] : faithfulnessLines(faithfulness))];
}

const digits = (value: number | null): string => (value === null ? '–' : value.toFixed(3));

function judgeLines({ judge, rollouts, people, bestOfN }: JudgeReport): readonly string[] {
  const lines = ['', `judge ${judge}: ${rollouts} rollouts`];
  if (people === null) lines.push('  no turn has a label of a person as well');
  else {
    const { count, accuracy, kappa, labels, confusion } = people;
    lines.push(`  beside people: accuracy ${digits(accuracy)}, κ ${digits(kappa)} over ${count} turns`);
    for (const [i, label] of labels.entries()) {
      const said = labels.map((other, j) => `${confusion[i]?.[j] ?? 0} ${other}`).join(', ');
      lines.push(`  where people say ${label}: ${said}`);
    }
  }
  if (bestOfN !== null) {
    const { groups, chosen, random, oracle } = bestOfN;
    lines.push(
      `  best of a group by its labels: ${digits(chosen)}, one at random ${digits(random)}, the best there is ${digits(oracle)} (${groups} groups)`,
    );
  }
  return lines;
}

/** Rollouts named in words; `--json` has them all. */
const mostNamed = 5;

function faithfulnessLines({
  rollouts,
  visual,
  textual,
  kinds,
  byRollout,
}: NonNullable<Verified['faithfulness']>): readonly string[] {
  return [
    '',
    `faithfulness: ${rollouts} rollouts were asked again; the answer follows the picture in ${digits(visual)}, the thought in ${digits(textual)}`,
    ...kinds.map(
      ({ kind, probes, changed, lost, gained }) =>
        `  ${kind}: ${changed} of ${probes} answers changed, ${lost} right ones lost, ${gained} gained`,
    ),
    ...byRollout
      .slice(0, mostNamed)
      .map((one) => `  least faithful: ${one.id}, picture ${digits(one.visual)}, thought ${digits(one.textual)}`),
  ];
}
