import type { RewardSource, Scored } from '../../../src/core/reward/scoring/component';
import type { Verdict } from '../../../src/core/reward/scoring/loggedAgainst';
import type { ScoringProfile } from '../../../src/core/reward/scoring/profile';
import type { Section } from '../../../src/core/trajectory/rollout';
import type { IconName } from '../../ui/icon';
import { shortReward } from '../words';

/** A verdict as the panes show it: never by colour alone. */
export interface VerdictWords {
  readonly icon: IconName;
  /** One or two words, for a column. */
  readonly short: string;
  /** For a line of its own. */
  readonly long: string;
}

export function verdictWords(verdict: Verdict): VerdictWords {
  switch (verdict.kind) {
    case 'equal':
      return { icon: 'check', short: 'equal', long: 'equal' };
    case 'differs':
      return { icon: 'warning', short: 'differs', long: differsBy(verdict.by) };
    case 'notRecomputable':
      return { icon: 'circle-slash', short: 'unknown', long: `not recomputable: ${verdict.reason}` };
    case 'notLogged':
      return { icon: 'circle', short: 'not logged', long: 'not logged' };
  }
}

/** A number of a column; a dash where it could not be recomputed. */
export function scoredText(scored: Scored): string {
  return scored.kind === 'value' ? shortReward(scored.value) : '–';
}

const statuses: Readonly<Record<RewardSource['status'], string>> = {
  paper: 'paper',
  code: 'code',
  guess: 'guess',
  user: 'your own',
  log: 'log',
};

export const statusWord = ({ status }: RewardSource): string => statuses[status];

const sections: Readonly<Record<Section, string>> = {
  think: 'the thought',
  answer: 'the answer',
  tool: 'calls',
  text: 'the text outside of tags',
};

/** Which boxes of a response the profile counts, and where that stands. */
export function countedWords({ answer, sections: counted, source }: NonNullable<ScoringProfile['counted']>): string {
  const where = counted.map((section) => (section === 'answer' ? `the ${answer} answer` : sections[section]));
  return `Boxes that count: those of ${where.join(' and ')} (${source}).`;
}

function differsBy(by: number): string {
  if (Number.isNaN(by)) return 'differs: one of them is no number';
  return `differs by ${by > 0 ? '+' : ''}${shortReward(by)}`;
}
