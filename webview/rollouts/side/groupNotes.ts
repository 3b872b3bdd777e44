import type { ExcludedCount } from '../../../src/core/annotation/annotation';
import { standardDeviation } from '../../../src/core/reward/advantage';
import { checkbox } from '../../ui/controls';
import { div, el, span } from '../../ui/dom';
import { iconButton, linkButton } from '../../ui/iconButton';
import { inputBox } from '../../ui/inputBox';
import { showMenu } from '../../ui/menu';
import type { Noted, NoteEdits } from '../notes/noteEdits';
import { memberRanks, moveRank, prefer, rankText, spokenRank, unrank } from '../notes/rankEdits';
import { counted, decimal } from '../words';

/** What is said of the group that all its rollouts share: the selected one's rank in it, tags, excluded, statistics. */
export function groupPart(edits: NoteEdits, current: Noted, tags: HTMLElement): HTMLElement {
  const { notes, rollouts } = current.noted;
  const some = rollouts.some(({ excluded }) => excluded !== undefined);
  return div(
    'note-group',
    div('note-heading', 'The group'),
    rankLine(edits, current),
    tags,
    div(
      'note-choices',
      checkbox({
        label: 'Exclude group',
        checked: notes.excluded !== undefined,
        onChange: () => edits.toggleGroupExcluded(),
      }),
    ),
    some ? statistics(edits, notes.statistics?.value ?? 'remaining') : null,
  );
}

function rankLine(edits: NoteEdits, { noted, member }: Noted): HTMLElement {
  const ranks = memberRanks(noted);
  const own = ranks.get(member);
  const author = noted.notes.ranking?.author ?? '';
  const text = own === undefined ? 'not ranked' : `${rankText(own)} of ${ranks.size}`;
  const title = own === undefined ? '' : `${spokenRank(own)}, by ${author}`;
  const act = (icon: 'arrow-up' | 'arrow-down' | 'thumbsup' | 'close', label: string, keys: string, run: () => void) =>
    iconButton({ icon, label, ...(keys === '' ? {} : { keys }), onClick: run });
  return div(
    'note-line note-rank',
    span('note-name', 'Rank'),
    el('span', { class: own === undefined ? 'note-value quiet' : 'note-value', title }, text),
    div(
      'note-rank-buttons',
      act('thumbsup', 'Prefer to the rollouts drawn, or to all others', 'V', () => prefer(edits)),
      act('arrow-up', 'Rank higher', '<', () => moveRank(edits, -1)),
      act('arrow-down', 'Rank lower', '>', () => moveRank(edits, 1)),
      own === undefined ? null : act('close', 'Take out of the ranking', '', () => unrank(edits)),
    ),
  );
}

/** Mean and deviation over G′ and over G, with the choice between them. */
function statistics(edits: NoteEdits, now: ExcludedCount): HTMLElement {
  const text = now === 'remaining' ? 'Statistics over the rollouts that remain' : 'Statistics over all rollouts';
  const other: ExcludedCount = now === 'remaining' ? 'original' : 'remaining';
  const change = linkButton(other === 'original' ? 'Use All' : 'Use Remaining', () => edits.setStatistics(other));
  const { outcome } = edits;
  const rollouts = outcome?.kind === 'known' ? outcome.rollouts : [];
  const over = (all: boolean) =>
    spread(rollouts.flatMap(({ total, excluded }) => (total === null || (excluded && !all) ? [] : [total])));
  const both = rollouts.length === 0 ? null : div('', div('', `G′, ${over(false)}`), div('', `G, ${over(true)}`));
  return div('note-rule', `${text}. `, change, both);
}

function spread(totals: readonly number[]): string {
  const finite = totals.filter(Number.isFinite);
  if (finite.length === 0) return 'without rewards';
  const mean = finite.reduce((sum, total) => sum + total, 0) / finite.length;
  const deviation = standardDeviation(finite, 'sample');
  const beside = Number.isNaN(deviation) ? '' : ` ± ${decimal(deviation)}`;
  return `${counted(finite.length, 'rollout')}: ${decimal(mean)}${beside}`;
}

/** Asks what mean and deviation of the group are over from now on; without an answer nothing is excluded. */
export function askStatistics(anchor: HTMLElement, { noted }: Noted, run: (statistics: ExcludedCount) => void): void {
  const all = noted.members.length;
  const gone = noted.rollouts.filter(({ excluded }) => excluded !== undefined).length + 1;
  const title = 'What the group’s mean and deviation are over from now on';
  showMenu(anchor, title, [
    { kind: 'header', label: 'Mean and deviation of the group' },
    { kind: 'item', label: `Over ${counted(all - gone, 'rollout')} that remain`, title, run: () => run('remaining') },
    { kind: 'item', label: `Over all ${all}`, title, run: () => run('original') },
  ]);
}

/** A field of tags separated by commas; none stands twice. */
export function tagField(
  label: string,
  placeholder: string,
  tags: readonly string[],
  set: (tags: readonly string[]) => void,
): HTMLInputElement {
  const field = inputBox({ label, value: tags.join(', '), placeholder, onEnter: () => field.blur() });
  const typed = () => field.value.split(',').map((tag) => tag.trim());
  field.addEventListener('change', () => set([...new Set(typed().filter((tag) => tag !== ''))]));
  return field;
}
