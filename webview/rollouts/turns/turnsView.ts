import type { Action, LoggedStepLabel, Repair, Rollout, Turn } from '../../../src/core/trajectory/rollout';
import { append, div, el, fill, span } from '../../ui/dom';
import { type IconName, icon } from '../../ui/icon';
import { linkButton } from '../../ui/iconButton';
import type { LookStore } from '../chain/lookStore';
import type { NoteEdits } from '../notes/noteEdits';
import { TurnLabels } from '../notes/turnLabels';
import { linkMarks } from '../picture/linkMarks';
import type { MarkStore } from '../picture/markStore';
import type { Session } from '../store/session';
import { stepLabels } from '../words';
import { clickList } from './clickList';
import { markedText } from './markedText';
import { ObservationCards } from './observationCards';
import { RegionCards } from './regionCards';
import { leftovers, type TextMark, textMarks } from './segments';

/** Lines of a thought shown before it is expanded, and the characters laid out for them. */
const thoughtCharacters = 420;
const longText = 1200;

/** Who speaks in a turn. */
export const roles: Readonly<Record<Turn['role'], { readonly text: string; readonly icon: IconName }>> = {
  assistant: { text: 'Policy', icon: 'sparkle' },
  tool: { text: 'Tool response', icon: 'tools' },
  user: { text: 'User', icon: 'comment' },
};

const kinds: Readonly<Record<Action['kind'], { readonly text: string; readonly icon: IconName }>> = {
  zoom: { text: 'Zoom', icon: 'search' },
  answer: { text: 'Answer', icon: 'target' },
  click: { text: 'Click', icon: 'target' },
  tool: { text: 'Tool call', icon: 'tools' },
  malformed: { text: 'Malformed', icon: 'error' },
};

/** The turns of the selected rollout: thought, actions with their regions, what came back. */
export class TurnsView {
  readonly element = div('turns');
  private readonly cards: RegionCards;
  private readonly pictures: ObservationCards;
  readonly labels: TurnLabels;
  private shown: Rollout | null = null;
  private scrolled = false;

  constructor(
    private readonly session: Session,
    store: MarkStore,
    looks: LookStore,
    edits: NoteEdits,
  ) {
    this.element.tabIndex = 0;
    this.cards = new RegionCards(session, store, this.element);
    this.pictures = new ObservationCards(session, looks, this.element);
    this.labels = new TurnLabels(edits, this.element);
    this.element.addEventListener('scroll', () => {
      this.scrolled = true;
    });
    linkMarks(this.element, session);
    session.region.on(() => this.element.querySelector('.region-card.chosen')?.scrollIntoView({ block: 'nearest' }));
  }

  paint(): void {
    const { rollout, place } = this.session;
    if (rollout === this.shown && rollout !== null) return;
    this.shown = rollout;
    this.cards.clear();
    this.pictures.clear();
    this.labels.clear();
    // Setting what is zero already would lay out the whole page in the middle of a change.
    if (this.scrolled) this.element.scrollTop = 0;
    this.scrolled = false;
    if (rollout === null || place.value === null) {
      fill(this.element);
      return;
    }
    if (rollout.kind === 'sample') {
      const text = 'This is a sample: question, options and target. It holds no response.';
      fill(this.element, emptyLine('info', text), longBlock(rollout.prompt, 'turn-text question'), optionList(rollout));
      return;
    }
    if (rollout.response === '') {
      const said = emptyLine('circle-slash', 'The response is empty.');
      fill(this.element, clickList(rollout, place.value.member) ?? said);
      return;
    }
    const member = place.value.member;
    const marks = textMarks(rollout, member);
    fill(
      this.element,
      this.unsplitNote(rollout.file),
      ...rollout.turns.map((turn) => this.turn(rollout, member, turn, marks)),
    );
    this.cards.update();
    this.pictures.update();
    this.labels.update();
  }

  private turn(rollout: Rollout, member: number, turn: Turn, marks: readonly TextMark[]): HTMLElement {
    const role = roles[turn.role];
    const title = 'The role line was plain text: special tokens were stripped from the log';
    const head = div(
      'turn-head',
      icon(role.icon),
      span('turn-title', `Turn ${turn.index + 1}`),
      span('turn-role', role.text),
      turn.inferred && el('span', { class: 'tag', title }, icon('question'), 'boundary inferred'),
      turn.inferred && this.splitsLink(rollout.file, false),
    );
    const body = div('turn-body');
    const labels = rollout.stepLabels?.filter((label) => label.turn === turn.index) ?? [];
    append(head, labels.map(stepLabel));
    if (turn.role === 'assistant') head.append(this.labels.faces(turn.index, head));
    if (turn.role === 'assistant') this.policyTurn(body, rollout, member, turn, marks);
    else for (const text of leftovers(rollout.response, turn)) body.append(longBlock(text, 'turn-text'));
    append(body, [this.pictures.strip(rollout, turn.index)]);
    for (const { rationale } of labels)
      if (rationale !== null) body.append(longBlock(rationale, 'turn-text rationale'));
    return el('section', { class: 'turn', data: { turn: turn.index } }, head, this.labels.rationale(turn.index), body);
  }

  private unsplitNote(file: string): HTMLElement | null {
    if (!this.session.state.value.unsplit.includes(file)) return null;
    return div(
      'note',
      span('', `Each response of ${file} is one turn: its inferred turns were undone. `),
      this.splitsLink(file, true),
    );
  }

  private splitsLink(file: string, infer: boolean): HTMLElement {
    const run = () => void this.session.perform({ kind: 'setSplits', file, infer });
    return infer
      ? linkButton('Infer turns again', run)
      : linkButton('Undo', run, `Read each response of ${file} as one turn`);
  }

  private policyTurn(
    body: HTMLElement,
    rollout: Rollout,
    member: number,
    turn: Turn,
    marks: readonly TextMark[],
  ): void {
    if (turn.thought !== null) body.append(thought(rollout, turn.thought, marks));
    const thoughtRegions = rollout.regions.filter((r) => r.turn === turn.index && r.section === 'think');
    const inActions = new Set(turn.actions.flatMap((action) => action.regions));
    const apart = thoughtRegions.filter((region) => !inActions.has(region.index)).map((region) => region.index);
    if (apart.length > 0) body.append(this.cards.strip(rollout, member, apart));
    for (const text of leftovers(rollout.response, turn)) body.append(longBlock(text, 'turn-text'));
    for (const action of turn.actions) body.append(this.action(rollout, member, action, marks));
  }

  private action(rollout: Rollout, member: number, action: Action, marks: readonly TextMark[]): HTMLElement {
    const kind = kinds[action.kind];
    const repairs = action.regions.flatMap((index) => rollout.regions[index]?.repairs ?? []);
    const text = div('action-text');
    text.append(
      markedText(rollout.response, action.span.start, Math.min(action.span.end, action.span.start + longText), marks),
    );
    const cut = action.span.end - action.span.start > longText;
    if (cut) text.append(span('cut', ' … (whole text: r)'));
    return div(
      `action ${action.kind}`,
      div(
        'action-head',
        icon(kind.icon),
        span('action-kind', kind.text),
        action.tool !== null && el('code', {}, action.tool),
        action.reason !== null && span('action-reason', action.reason),
      ),
      action.regions.length > 0 ? this.cards.strip(rollout, member, action.regions) : null,
      ...distinct(repairs).map(repairLine),
      text,
    );
  }
}

/** What the log says of a turn, in a face and in words. */
function stepLabel({ label, rationale }: LoggedStepLabel): HTMLElement {
  const { number, text, icon: name } = stepLabels[label];
  const title = rationale ?? `The log labels this step ${number}`;
  return el('span', { class: `step-label ${text}`, title }, icon(name), `${number} ${text}`);
}

function thought(rollout: Rollout, at: { start: number; end: number }, marks: readonly TextMark[]): HTMLElement {
  const node = div('thought');
  const long = at.end - at.start > thoughtCharacters || rollout.response.slice(at.start, at.end).split('\n').length > 4;
  const paint = (open: boolean) => {
    const end = open || !long ? at.end : Math.min(at.end, at.start + thoughtCharacters);
    const text = div(open || !long ? 'thought-text' : 'thought-text clamped');
    text.append(markedText(rollout.response, at.start, end, marks));
    const toggle = linkButton(open ? 'Show less' : 'Show whole thought', () => paint(!open));
    fill(node, text, long ? toggle : null);
  };
  paint(false);
  return node;
}

/** Text that is cut to its beginning until the user asks for all of it. */
function longBlock(text: string, className: string): HTMLElement {
  if (text.length <= longText) return div(className, text);
  const node = div(className, `${text.slice(0, longText)}… `);
  node.append(linkButton('Show all', () => fill(node, text)));
  return node;
}

const repairWords: Readonly<Record<Repair['kind'], string>> = {
  boxInKey: 'box written in the key',
  swappedCorners: 'corners swapped',
  truncatedList: 'list cut off',
  pythonLiteral: 'Python literal',
  tooManyNumbers: 'more than four numbers',
};

export function repairLine(repair: Repair): HTMLElement {
  return div(
    'repair-line',
    span('repair-kind', icon('wrench'), ` Repaired: ${repairWords[repair.kind]}`),
    el('del', {}, repair.before),
    span('repair-arrow', '→'),
    el('ins', {}, repair.after),
  );
}

/** A mend of a whole list is told by each of its regions; it is shown once. */
export function distinct(repairs: readonly Repair[]): Repair[] {
  const seen = new Map(repairs.map((repair) => [`${repair.kind}:${repair.span.start}:${repair.span.end}`, repair]));
  return [...seen.values()];
}

/** Candidate answers; null without any. */
export function optionList(rollout: Rollout): HTMLElement | null {
  if (rollout.options.length === 0) return null;
  return el('ol', { class: 'options' }, ...rollout.options.map((option) => el('li', {}, option)));
}

export function emptyLine(name: IconName, text: string): HTMLElement {
  return div('empty-line', icon(name), span('', text));
}
