import type { RewardComponent } from '../../../src/core/reward/component';
import { weightedColumns } from '../../../src/core/reward/scoring/mappingProfile';
import type { Rollout } from '../../../src/core/trajectory/rollout';
import { plain } from '../../filter/chipWords';
import { div } from '../../ui/dom';
import { linkButton } from '../../ui/iconButton';

/** Where the rollout's total comes from, said below its fields, and the way to keep the weights as a profile. */
export function mappingNote(
  { reward, kind }: Rollout,
  components: readonly RewardComponent[],
  save: () => void,
): HTMLElement | null {
  if (kind === 'sample' || (components.length === 0 && reward !== null)) return null;
  const columns = weightedColumns(components);
  const sum = columns?.map(({ name, weight }) => `${weight === 1 ? '' : `${plain(weight)} × `}${name}`).join(' + ');
  const text =
    reward !== null
      ? 'The total is the one that was logged.'
      : sum !== undefined
        ? `The log has no total: it is ${sum}.`
        : components.length === 0
          ? 'The log has no total. Name components with their weights, and it is their sum.'
          : 'The log has no total, and not every component has a weight.';
  const link =
    columns === null ? null : linkButton('Save as Profile…', save, 'Save columns and weights as a reward profile');
  return div('mapping-note quiet', `${text} `, link);
}
