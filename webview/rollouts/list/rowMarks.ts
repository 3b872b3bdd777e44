import { el, setText, span } from '../../ui/dom';
import { type IconName, icon } from '../../ui/icon';
import type { GroupRowNote, RowNote } from '../notes/rowNotes';
import { decimal, shortReward, signed } from '../words';

/** By the edited boxes and rewards where the group was recomputed from them, else by the logged rewards. */
export function advantageOf(note: RowNote | null): HTMLElement | null {
  if (note === null) return null;
  const { live } = note;
  const text = advantageText(note);
  const from = live === null ? '' : ', of the rewards recomputed with what was edited';
  const title = text === '' ? '' : `Advantage in its group, as its trainer computes it${from}`;
  const name = live === null ? 'row-advantage' : 'row-advantage live';
  return el('span', { class: name, title }, text);
}

function advantageText({ excluded, live, advantage }: RowNote): string {
  const stands = excluded ? null : (live?.advantage ?? advantage);
  return stands === null ? '' : signed(stands);
}

/** A recomputed number that follows the edits of its group. */
export interface LiveNumber {
  readonly text: string;
  readonly title: string;
}

/** The recomputed column the list is sorted by, else the total; null where nothing was edited or nothing can be recomputed. */
export function liveOf(note: RowNote | null, column: string): LiveNumber | null {
  const { live = null } = note ?? {};
  if (live === null) return null;
  const component = live.compared.components.find(({ name }) => column === `recomputed_${name}`);
  const value =
    component === undefined ? live.total : component.scored.kind === 'value' ? component.scored.value : null;
  if (value === null) return null;
  const name = component === undefined ? 'total' : component.name;
  return { text: shortReward(value), title: `edited: recomputed ${name} ${decimal(value)}` };
}

export function onlyLiveDiffers(before: RowNote | null, note: RowNote): boolean {
  if (before === null) return false;
  return (Object.keys(note) as (keyof RowNote)[]).every((key) => key === 'live' || before[key] === note[key]);
}

/** Into the marks of a row that has them; false where it has not. */
export function writeLive(node: HTMLElement, note: RowNote, { text, title }: LiveNumber): boolean {
  const mark = node.querySelector<HTMLElement>('.row-live');
  const advantage = node.querySelector<HTMLElement>('.row-advantage.live');
  if (mark?.lastChild == null || advantage === null) return false;
  mark.lastChild.textContent = text;
  mark.title = title;
  setText(advantage, advantageText(note));
  return true;
}

export function liveMark({ text, title }: LiveNumber): HTMLElement {
  return el('span', { class: 'row-sorted row-live', title }, icon('edit'), text);
}

/** What was said of a rollout, in icons and in words. */
const marks: readonly { readonly is: keyof RowNote; readonly icon: IconName; readonly text: string }[] = [
  { is: 'excluded', icon: 'circle-slash', text: 'excluded' },
  { is: 'edited', icon: 'edit', text: 'annotated' },
  { is: 'reviewed', icon: 'pass', text: 'reviewed' },
];

const marksOf = (note: RowNote | null) => (note === null ? [] : marks.filter(({ is }) => note[is] === true));

export function noteWords(note: RowNote | null): string[] {
  if (note === null) return [];
  const labels = note.labels === '' ? [] : [`turns labelled ${note.labels}`];
  return [...marksOf(note).map(({ text }) => text), ...labels];
}

export function noteMarks(note: RowNote | null): HTMLElement | null {
  const words = noteWords(note);
  if (note === null || words.length === 0) return null;
  const labels = note.labels === '' ? null : span('row-labels', note.labels);
  return el(
    'span',
    { class: 'row-marks', title: words.join(', ') },
    labels,
    ...marksOf(note).map((mark) => icon(mark.icon)),
  );
}

export function rankMark(note: RowNote | null): HTMLElement | null {
  if (note === null || note.rank === '') return null;
  return el('span', { class: 'row-rank', title: rankTitle(note.rank) }, note.rank);
}

export const rankTitle = (rank: string) => `Ranked ${rank.replace('=', ', tied')} of its group by a person`;

/** What was said of a group, in its own row. */
export function groupNoteMarks(note: GroupRowNote | null): HTMLElement[] {
  if (note === null) return [];
  const { tags, excluded } = note;
  const gone = el('span', { class: 'tag', title: 'The group is excluded' }, icon('circle-slash'), 'excluded');
  const words = el('span', { class: 'tag calm group-tags', title: `Tags of the group: ${tags}` }, tags);
  return [...(excluded ? [gone] : []), ...(tags === '' ? [] : [words])];
}
