import { weightedColumns } from '../../../src/core/reward/scoring/mappingProfile';
import { placeOf, type Rollout } from '../../../src/core/trajectory/rollout';
import type { ColumnInfo } from '../../../src/protocol/query';
import { div, el, fill, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { linkButton } from '../../ui/iconButton';
import { type Section, section } from '../../ui/section';
import type { NoteEdits } from '../notes/noteEdits';
import { linkMarks } from '../picture/linkMarks';
import type { MarkStore } from '../picture/markStore';
import type { ScoreStore } from '../score/scoreStore';
import { ScoreView } from '../score/scoreView';
import type { Session } from '../store/session';
import type { Signal } from '../store/signal';
import { optionList } from '../turns/turnsView';
import { badges, corners, count, counted, decimal, extent, json, pixels, preferences, signed } from '../words';
import { fieldRows } from './fieldRows';
import { fieldTable } from './fieldTable';
import { FramesView } from './framesView';
import { mappingNote } from './mappingNote';
import { NotesView } from './notesView';

const longPrompt = 2400;

/** What surrounds the selected rollout: reward, fields, ground truth, frames, prompt. */
export class SidePane {
  readonly element = div('side');
  readonly frames: FramesView;
  readonly notes: NotesView;
  readonly scores: ScoreView;
  private readonly head = div('side-head');
  private readonly sections: Readonly<Record<'notes' | 'fields' | 'truth' | 'prompt' | 'frames', Section>>;
  private readonly included = new Map<string, Section>();
  private shown: Rollout | null = null;

  constructor(
    private readonly session: Session,
    private readonly store: MarkStore,
    private readonly columns: Signal<readonly ColumnInfo[]>,
    private readonly edits: NoteEdits,
    closed: readonly string[],
    onToggle: () => void,
    scores: ScoreStore,
  ) {
    const make = (id: string, title: string) => section(title, !closed.includes(id), onToggle);
    this.sections = {
      notes: make('notes', 'Annotation'),
      fields: make('fields', 'Fields'),
      truth: make('truth', 'Ground truth'),
      frames: make('frames', 'Frames'),
      prompt: make('prompt', 'Prompt'),
    };
    this.frames = new FramesView(session, this.sections.frames);
    this.notes = new NotesView(edits, this.sections.notes);
    this.scores = new ScoreView(session, scores, !closed.includes('score'), onToggle);
    const { notes, fields, truth, frames, prompt } = this.sections;
    const recomputed = this.scores.section;
    // Ground truth last: it can be a list of hundreds.
    const ordered = [notes, fields, recomputed, prompt, frames, truth];
    this.element.append(this.head, ...ordered.map(({ element }) => element));
    this.element.tabIndex = -1;
    linkMarks(this.element, session);
    truth.body.addEventListener('keydown', moveInList);
    session.place.on(() => this.paint());
    session.detail.on(() => this.paint());
    const named = () => {
      this.paintFields();
      this.paintHead();
    };
    session.state.on(named);
    columns.on(named);
    store.marks.on(() => this.paintTruth());
    edits.store.version.on(() => this.paintHead());
  }

  /** A section that somebody else fills, behind the annotation. */
  include(id: string, added: Section): void {
    this.included.set(id, added);
    this.sections.notes.element.after(added.element);
  }

  get closed(): string[] {
    const sections = { ...this.sections, score: this.scores.section, ...Object.fromEntries(this.included) };
    return Object.entries(sections).flatMap(([id, { open }]) => (open ? [] : [id]));
  }

  showFrames(): void {
    this.sections.frames.setOpen(true);
    this.sections.frames.element.scrollIntoView({ block: 'nearest' });
    this.frames.focus();
  }

  chooseTool(): void {
    if (!this.frames.chooseTool()) this.session.say('This rollout calls no tool.');
  }

  private paint(): void {
    this.paintHead();
    this.frames.paint();
    const { rollout } = this.session;
    if (rollout === this.shown) return;
    this.shown = rollout;
    this.paintTruth();
    this.paintFields();
    const { prompt } = this.sections;
    if (rollout === null) {
      fill(prompt.body);
      return;
    }
    this.paintPrompt(rollout);
  }

  private paintFields(): void {
    const { rollout, group } = this.session;
    const { fields } = this.sections;
    if (rollout === null) {
      fill(fields.body);
      return;
    }
    const rows = fieldRows(rollout, group?.rollouts ?? []);
    fields.setNote(String(rows.length));
    const none = div('quiet', 'The log holds no other columns.');
    fill(
      fields.body,
      rows.length === 0 ? none : fieldTable(rows, this.session, this.columns.value),
      mappingNote(rollout, this.edits.components, () => void this.saveProfile()),
    );
  }

  /** The components with their weights, as a profile file that this trace's profiles then hold. */
  async saveProfile(): Promise<void> {
    const components = weightedColumns(this.edits.components);
    if (components === null) {
      this.session.say('Name reward components among the fields, each with its weight, to save them as a profile.');
      return;
    }
    try {
      const saved = await this.session.host.call(
        'score/saveProfile',
        { components },
        { deadline: Number.POSITIVE_INFINITY },
      );
      if (saved !== null) await this.scores.store.load();
    } catch (error) {
      this.session.report(error);
    }
  }

  private paintHead(): void {
    const { place, rollout, summary, selected: known } = this.session;
    const member = place.value?.member ?? 0;
    if (summary === null || known === null) {
      fill(this.head, div('quiet', 'No rollout selected.'));
      return;
    }
    // The list may not know yet what the response holds.
    const { badge: read, regions } =
      rollout === null ? known : { badge: rollout.badge, regions: rollout.regions.length };
    const badge = read === null ? null : badges[read];
    const effective = this.edits.effective;
    const summed = effective?.from === 'components';
    const own =
      this.edits.current?.notes.total?.value ?? (summed || effective?.changed ? (effective?.total ?? null) : null);
    const reward = own ?? known.reward;
    const facts = [
      known.step === null ? null : `step ${count(known.step)}`,
      rollout === null ? null : placeOf(rollout),
    ];
    fill(
      this.head,
      div(
        'reward-line',
        span(
          `big-reward${reward === null ? ' none' : Number.isFinite(reward) ? '' : ' odd'}`,
          rollout?.kind === 'sample' ? 'Sample' : reward === null ? 'No reward logged' : decimal(reward),
        ),
        own === null || known.reward === null
          ? null
          : el('del', { class: 'logged-reward', title: 'As logged' }, decimal(known.reward)),
        effective === null || effective.advantage === null
          ? null
          : el(
              'span',
              { class: 'head-advantage', title: 'Advantage in its group' },
              `A ${signed(effective.advantage)}`,
            ),
        rollout?.kind === 'sample' || badge === null
          ? null
          : el('span', { class: `format-badge ${read}`, title: badge.title }, icon(badge.icon), span('', badge.text)),
        known.preference !== undefined && preferenceBadge(known.preference),
      ),
      summed ? div('side-facts', 'sum of the weighted components') : null,
      rollout?.kind === 'sample'
        ? div('side-facts', 'question, options and target without a response')
        : div(
            'side-facts',
            `Rollout ${member + 1} of ${count(summary.size)}${regions === null ? '' : ` · ${counted(regions, 'region')}`}`,
          ),
      div('side-facts', facts.filter((fact) => fact !== null).join(' · ')),
      rollout?.dataSource ? div('side-facts', `data source ${rollout.dataSource}`) : null,
    );
  }

  private paintPrompt(rollout: Rollout): void {
    const { body } = this.sections.prompt;
    const text = div('prompt-text', rollout.prompt.slice(0, longPrompt));
    if (rollout.prompt.length > longPrompt) text.append(linkButton('… show all', () => fill(text, rollout.prompt)));
    fill(body, rollout.prompt === '' ? div('quiet', 'The log holds no prompt.') : text, optionList(rollout));
    this.sections.prompt.setNote(rollout.options.length > 0 ? counted(rollout.options.length, 'option') : '');
  }

  private paintTruth(): void {
    const { rollout } = this.session;
    const { body } = this.sections.truth;
    if (rollout === null) {
      fill(body);
      return;
    }
    const { groundTruth, truthBoxes } = rollout;
    const text = typeof groundTruth === 'string' ? groundTruth : json(groundTruth, 2);
    const boxes = this.store.marks.value.list.filter((mark) => mark.kind === 'truth');
    const rows = truthBoxes.map(({ box, label }, index) => {
      const mark = boxes.find(({ id }) => id === `t${index}`);
      const placed = mark?.box ?? null;
      const edited = mark?.edited === undefined ? '' : ' · edited';
      const row = el(
        'button',
        { class: 'truth-row', data: { mark: `t${index}` }, title: `as written ${corners(box)}` },
        el('span', { class: 'ink-number', data: { ink: 9 } }, 'gt'),
        span('card-label', label ?? `box ${index + 1}`),
        span('truth-size', `${placed === null ? corners(box) : pixels(extent(placed))}${edited}`),
      );
      row.type = 'button';
      // One Tab stop for the list; the arrows move inside it.
      row.tabIndex = index === 0 ? 0 : -1;
      return row;
    });
    this.sections.truth.setNote(truthBoxes.length > 0 ? counted(truthBoxes.length, 'box', 'boxes') : '');
    const block = div('code-block', text);
    // Boxes say the same as the text they were read from.
    const logged =
      rows.length === 0 ? block : el('details', { class: 'as-logged' }, el('summary', {}, 'As logged'), block);
    fill(body, groundTruth === null ? null : logged, ...rows);
    if (groundTruth === null && rows.length === 0) fill(body, div('quiet', 'The log holds no ground truth.'));
  }
}

/** Arrow keys among the rows of a list that is one Tab stop. */
function moveInList(event: KeyboardEvent): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const from = event.target as HTMLElement;
  if (step === 0 || !from.matches('.truth-row')) return;
  event.preventDefault();
  event.stopPropagation();
  const to = step > 0 ? from.nextElementSibling : from.previousElementSibling;
  if (!(to instanceof HTMLElement) || !to.matches('.truth-row')) return;
  from.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}

function preferenceBadge(preference: 'chosen' | 'rejected'): HTMLElement {
  const { icon: name, text, title } = preferences[preference];
  return el('span', { class: 'format-badge', title }, icon(name), span('', text));
}
