import type { Noted, StepLabel } from '../../../src/core/annotation/annotation';
import { div, el, setAria } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { iconButton } from '../../ui/iconButton';
import { stepLabels } from '../words';
import type { NoteEdits } from './noteEdits';

const faces: readonly StepLabel[] = [-1, 0, 1];
const keys: Readonly<Record<StepLabel, string>> = { [-1]: '−', 0: '0', 1: '+' };

interface Row {
  readonly head: HTMLElement;
  readonly why: HTMLTextAreaElement;
  readonly buttons: ReadonlyMap<StepLabel, HTMLElement>;
}

/** Three faces in the head of each of the policy's turns: what the user says of the step, beside what the log says. */
export class TurnLabels {
  private readonly rows = new Map<number, Row>();

  /** @param pane the turns' own element: it gets the keyboard when a turn is gone to. */
  constructor(
    private readonly edits: NoteEdits,
    private readonly pane: HTMLElement,
  ) {
    edits.store.version.on(() => this.update());
    edits.turn.on(() => this.update());
    pane.addEventListener('focusin', ({ target }) => {
      const turn = target instanceof Element ? target.closest<HTMLElement>('[data-turn]')?.dataset.turn : undefined;
      if (turn !== undefined && this.rows.has(Number(turn))) edits.turn.set(Number(turn));
    });
  }

  clear(): void {
    this.rows.clear();
  }

  /** The faces of a turn; `update` paints them. */
  faces(turn: number, head: HTMLElement): HTMLElement {
    const buttons = new Map(faces.map((label) => [label, this.face(turn, label)]));
    this.rows.set(turn, { head, buttons, why: this.why(turn) });
    return el(
      'span',
      { class: 'turn-faces', role: 'group', aria: { label: `Your label of turn ${turn + 1}` } },
      ...buttons.values(),
      iconButton({
        icon: 'arrow-down',
        label: 'First error: this turn −1, unlabelled earlier ones +1, later ones by the setting',
        keys: '!',
        onClick: () => this.edits.firstError(turn),
      }),
      iconButton({
        icon: 'comment',
        label: `Rationale of turn ${turn + 1}`,
        keys: ';',
        onClick: () => {
          this.edits.turn.set(turn);
          this.editRationale();
        },
      }),
    );
  }

  /** The field of a turn whose faces were made; hidden while nothing is said there. */
  rationale(turn: number): HTMLElement | null {
    return this.rows.get(turn)?.why ?? null;
  }

  /** Gives the keyboard to the rationale of the turn that was gone to; false where there is none. */
  editRationale(): boolean {
    const row = this.rows.get(this.edits.turn.value ?? -1);
    if (row === undefined) return false;
    row.why.hidden = false;
    row.why.focus({ preventScroll: true });
    row.why.scrollIntoView({ block: 'nearest' });
    return true;
  }

  update(): void {
    const { current, turn } = this.edits;
    for (const [index, { head, buttons, why }] of this.rows) {
      const own = current?.notes.labels?.[String(index)];
      for (const [label, node] of buttons) setAria(node, 'pressed', own?.value === label);
      head.closest('.turn')?.classList.toggle('current', turn.value === index);
      // What is being typed stands until it is left.
      if (why !== document.activeElement) this.paintWhy(why, current?.notes.stepRationales?.[String(index)]);
      head.title = own === undefined ? '' : `Labelled by ${own.author}, ${own.time.slice(0, 10)}`;
    }
  }

  /** Brings the turn that keys label on screen and gives its pane the keyboard. */
  reveal(): void {
    const { value } = this.edits.turn;
    if (value === null) return;
    if (!this.pane.contains(document.activeElement)) this.pane.focus({ preventScroll: true });
    this.rows.get(value)?.head.scrollIntoView({ block: 'nearest' });
  }

  private why(turn: number): HTMLTextAreaElement {
    const node = el('textarea', {
      class: 'input-box turn-why',
      hidden: true,
      aria: { label: `Your rationale of turn ${turn + 1}` },
    });
    node.rows = 2;
    node.maxLength = 100_000;
    node.placeholder = 'why this step is right or wrong';
    node.addEventListener('change', () => this.edits.setStepRationale(turn, node.value.trim()));
    node.addEventListener('blur', () => this.update());
    node.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') node.value = node.defaultValue;
      else if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.stopPropagation();
      this.pane.focus({ preventScroll: true });
    });
    return node;
  }

  private paintWhy(node: HTMLTextAreaElement, note: Noted<string> | undefined): void {
    const text = note?.value ?? '';
    node.defaultValue = text;
    node.value = text;
    node.hidden = text === '';
    node.title = note === undefined ? '' : `${note.author}, ${note.time.slice(0, 10)}`;
  }

  private face(turn: number, label: StepLabel): HTMLElement {
    const { number, text, icon: name } = stepLabels[label];
    const title = `${number} ${text} (${keys[label]})`;
    const node = el(
      'button',
      { class: `face ${text}`, title, aria: { label: `${number} ${text}`, pressed: false } },
      div('face-icon', icon(name)),
      number,
    );
    node.type = 'button';
    node.addEventListener('click', () => {
      const set = this.edits.current?.notes.labels?.[String(turn)]?.value === label;
      this.edits.label(set ? null : label, turn);
    });
    return node;
  }
}
