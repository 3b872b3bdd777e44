import type { RewardSource, Scored } from '../../../src/core/reward/scoring/component';
import type { Verdict } from '../../../src/core/reward/scoring/loggedAgainst';
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

function differsBy(by: number): string {
  if (Number.isNaN(by)) return 'differs: one of them is no number';
  return `differs by ${by > 0 ? '+' : ''}${shortReward(by)}`;
}
