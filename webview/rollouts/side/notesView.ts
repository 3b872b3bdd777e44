import type { RolloutNotes } from '../../../src/core/annotation/annotation';
import type { Rollout } from '../../../src/core/trajectory/rollout';
import { parseEnd } from '../../filter/chipWords';
import { checkbox } from '../../ui/controls';
import { div, el, fill, span } from '../../ui/dom';
import { iconButton } from '../../ui/iconButton';
import { inputBox } from '../../ui/inputBox';
import type { Section } from '../../ui/section';
import type { Noted, NoteEdits } from '../notes/noteEdits';
import { loggedAdvantage, loggedFit, ruleWords } from '../notes/outcome';
import { oncePerFrame } from '../store/signal';
import { decimal, signed } from '../words';
import { askStatistics, groupPart, tagField } from './groupNotes';

/** The parts of the section that keys go to. */
type Part = 'total' | 'tags' | 'groupTags' | 'rationale' | 'excluded';

/** What the user says about the selected rollout: reward and components, tags, rationale, excluded, reviewed, and of its group. */
export class NotesView {
  private readonly parts = new Map<Part, HTMLElement>();
  private painted = '';

  constructor(
    private readonly edits: NoteEdits,
    private readonly section: Section,
  ) {
    // Not at once: a field that is left tells its change before the next one has the keyboard.
    const paint = oncePerFrame(() => this.paint());
    edits.store.version.on(paint);
    edits.store.trouble.on(paint);
    edits.session.place.on(paint);
    edits.session.detail.on(paint);
    edits.session.state.on(paint);
  }

  /** Gives a field the keyboard. */
  focus(part: Part): void {
    this.section.setOpen(true);
    this.paint();
    const node = this.parts.get(part);
    if (node === undefined) {
      this.edits.session.say(this.edits.trouble ?? 'There is nothing to annotate here.');
      return;
    }
    node.scrollIntoView({ block: 'nearest' });
    node.focus();
    if (node instanceof HTMLInputElement) node.select();
  }

  /** Excludes or includes the rollout; what the group's statistics are over is asked once a group. */
  toggleExcluded(): void {
    const { current } = this.edits;
    if (current === null) this.edits.setExcluded(true);
    else if (current.notes.excluded !== undefined) this.edits.setExcluded(false);
    else if (current.noted.notes.statistics !== undefined) this.edits.setExcluded(true);
    else {
      this.section.setOpen(true);
      // A box that was clicked shows a tick; without an answer nothing is excluded.
      this.painted = '';
      this.paint();
      const anchor = this.parts.get('excluded');
      if (anchor !== undefined)
        askStatistics(anchor, current, (statistics) => this.edits.setExcluded(true, statistics));
    }
  }

  private paint(): void {
    const { session, current, trouble } = this.edits;
    const { rollout } = session;
    const { body } = this.section;
    if (rollout === null || rollout.kind === 'sample' || current === null) {
      this.painted = '';
      this.parts.clear();
      const text = rollout?.kind === 'sample' ? 'Samples have no response to annotate.' : trouble;
      fill(body, text === null ? null : div('quiet', text));
      this.section.setNote('');
      return;
    }
    const { notes, noted } = current;
    const facts = JSON.stringify([rollout.row, notes, noted.notes, this.edits.components, this.edits.outcome]);
    if (facts === this.painted) return;
    this.painted = facts;
    this.section.setNote(authorsOf(notes).join(', '));
    // A field that is being typed into is made anew with what was typed.
    const held = this.held();
    this.parts.clear();
    const groupTags = tagField('Tags of the group', 'tags of the group', noted.notes.tags?.value ?? [], (tags) =>
      this.edits.setGroupTags(tags),
    );
    groupTags.addEventListener('keydown', givesUp);
    this.parts.set('groupTags', groupTags);
    fill(
      body,
      this.rewards(rollout, notes),
      this.advantage(rollout),
      this.words(notes),
      this.choices(current),
      groupPart(this.edits, current, groupTags),
    );
    held();
  }

  /** Answers what gives the keyboard and the typed text back to the same field. */
  private held(): () => void {
    const active = document.activeElement;
    if (!(active instanceof HTMLElement) || !this.section.body.contains(active)) return () => undefined;
    const name = active.getAttribute('aria-label') ?? active.textContent ?? '';
    const typed = active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement ? active.value : null;
    return () => {
      const all = this.section.body.querySelectorAll<HTMLElement>('input, textarea, button, vscode-checkbox');
      const again = [...all].find((node) => (node.getAttribute('aria-label') ?? node.textContent) === name);
      again?.focus();
      if (typed !== null && (again instanceof HTMLInputElement || again instanceof HTMLTextAreaElement))
        again.value = typed;
    };
  }

  private rewards(rollout: Rollout, notes: RolloutNotes): HTMLElement {
    const { effective } = this.edits;
    const sum = effective?.from === 'components' ? effective.total : null;
    const total = numberRow('Reward', rollout.reward ?? sum, notes.total?.value, (value) => this.edits.setTotal(value));
    if (sum !== null) total.row.title = 'Sum of the components by their weights; the log has no total';
    this.parts.set('total', total.field);
    const components = this.edits.components.flatMap(({ name }) => {
      const logged = rollout.fields.find((field) => field.name === name)?.value;
      if (logged !== undefined && typeof logged !== 'number') return [];
      const own =
        notes.components !== undefined && Object.hasOwn(notes.components, name) ? notes.components[name] : undefined;
      return [numberRow(name, logged ?? null, own?.value, (value) => this.edits.setComponent(name, value)).row];
    });
    return el('table', { class: 'note-numbers' }, el('tbody', {}, total.row, ...components));
  }

  private advantage(rollout: Rollout): HTMLElement | null {
    const { outcome, effective, session } = this.edits;
    if (outcome === null) return null;
    if (outcome.kind === 'none') return div('note-advantage quiet', outcome.reason);
    const words = ruleWords(session.welcome.format);
    const value = effective?.advantage ?? null;
    const own = value === null ? (effective?.excluded ? 'excluded' : 'none') : signed(value);
    const logged = loggedAdvantage(rollout);
    const fit = logged === null ? null : loggedFit(session.group?.rollouts ?? []);
    const residual = fit === null ? '' : `, explained to within ${fit.residual.toExponential(1).replace('-', '−')}`;
    return div(
      'note-advantage',
      div('note-line', span('note-name', 'Advantage'), el('span', { class: 'note-value', title: words }, own)),
      logged === null
        ? null
        : div('note-line', span('note-name', 'as logged'), span('note-value', `${signed(logged)}${residual}`)),
      div('note-rule', words),
    );
  }

  private words(notes: RolloutNotes): HTMLElement {
    const tags = tagField('Tags, separated by commas', 'tags, separated by commas', notes.tags?.value ?? [], (own) =>
      this.edits.setTags(own),
    );
    const rationale = el('textarea', { class: 'input-box note-rationale', aria: { label: 'Rationale' } });
    rationale.value = notes.rationale?.value ?? '';
    rationale.rows = 3;
    rationale.maxLength = 100_000;
    rationale.placeholder = 'why';
    rationale.addEventListener('change', () => this.edits.setRationale(rationale.value.trim()));
    rationale.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) rationale.blur();
    });
    tags.addEventListener('keydown', givesUp);
    this.parts.set('tags', tags);
    this.parts.set('rationale', rationale);
    return div('note-words', tags, rationale);
  }

  private choices({ notes }: Noted): HTMLElement {
    const excluded = checkbox({
      label: 'Exclude rollout',
      checked: notes.excluded !== undefined,
      onChange: () => this.toggleExcluded(),
    });
    this.parts.set('excluded', excluded);
    return div(
      'note-choices',
      checkbox({
        label: 'Reviewed',
        checked: notes.reviewed !== undefined,
        onChange: () => this.edits.toggleReviewed(),
      }),
      excluded,
    );
  }
}

interface NumberRow {
  readonly row: HTMLElement;
  readonly field: HTMLInputElement;
}

/** A number as logged, struck once another stands for it, and the field for the other. */
function numberRow(
  name: string,
  logged: number | null,
  own: number | undefined,
  set: (value: number | null) => void,
): NumberRow {
  const text = logged === null ? 'not logged' : decimal(logged);
  const field = inputBox({
    label: `Your ${name}`,
    value: own === undefined ? '' : String(own),
    placeholder: 'as logged',
    onEnter: () => field.blur(),
  });
  const apply = () => {
    const value = parseEnd(field.value);
    field.classList.toggle('wrong', typeof value === 'string');
    field.title = typeof value === 'string' ? value : '';
    if (typeof value !== 'string' && value !== (own ?? null)) set(value);
  };
  field.addEventListener('change', apply);
  field.addEventListener('keydown', givesUp);
  const shown = own === undefined ? span('', text) : el('del', { title: `The log says ${text}` }, text);
  const back =
    own === undefined ? null : iconButton({ icon: 'close', label: `Logged ${name} again`, onClick: () => set(null) });
  const row = el(
    'tr',
    {},
    el('th', { title: name }, name),
    el('td', { class: 'note-logged' }, shown),
    el('td', { class: 'note-own' }, div('note-field', field, back)),
  );
  return { row, field };
}

/** Escape leaves a field as it was. */
function givesUp({ key, currentTarget }: KeyboardEvent): void {
  if (key === 'Escape' && currentTarget instanceof HTMLInputElement) currentTarget.value = currentTarget.defaultValue;
}

/** Everybody who said something of the rollout. */
function authorsOf(notes: RolloutNotes): readonly string[] {
  const { regions, components, labels, stepRationales, ...own } = notes;
  const tables = [regions, components, labels, stepRationales].flatMap((table) => Object.values(table ?? {}));
  return [...new Set([...tables, ...Object.values(own)].map(({ author }) => author))];
}
