import type { StepLabel } from '../../../src/core/annotation/annotation';
import { div, el, setAria } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { iconButton } from '../../ui/iconButton';
import { stepLabels } from '../words';
import type { NoteEdits } from './noteEdits';

const faces: readonly StepLabel[] = [-1, 0, 1];
const keys: Readonly<Record<StepLabel, string>> = { [-1]: '−', 0: '0', 1: '+' };

interface Row {
  readonly head: HTMLElement;
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
    this.rows.set(turn, { head, buttons });
    return el(
      'span',
      { class: 'turn-faces', role: 'group', aria: { label: `Your label of turn ${turn + 1}` } },
      ...buttons.values(),
      iconButton({
        icon: 'arrow-down',
        label: 'First error: this turn and later ones −1, unlabelled earlier ones +1',
        keys: '!',
        onClick: () => this.edits.firstError(turn),
      }),
    );
  }

  update(): void {
    const { current, turn } = this.edits;
    for (const [index, { head, buttons }] of this.rows) {
      const own = current?.notes.labels?.[String(index)];
      for (const [label, node] of buttons) setAria(node, 'pressed', own?.value === label);
      head.closest('.turn')?.classList.toggle('current', turn.value === index);
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
