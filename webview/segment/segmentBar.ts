import type { ModelChoice } from '../../src/protocol/canvasSegment';
import { div, el, setAria, setText, span } from '../ui/dom';
import { type IconName, icon } from '../ui/icon';
import { iconButton, setPressed } from '../ui/iconButton';
import { inputBox } from '../ui/inputBox';
import { showMenu } from '../ui/menu';

/** What the tool can be told to do, by key, button or command. */
export type SegmentAction =
  | 'acceptMask'
  | 'cancelMask'
  | 'undoClick'
  | 'redoClick'
  | 'nextCandidate'
  | 'previousCandidate'
  | 'segmentHover';

/** What the bar shows. */
export interface BarState {
  /** A mask is in hand. */
  readonly mask: boolean;
  /** Something can be taken back. */
  readonly begun: boolean;
  readonly hover: boolean;
  readonly candidates: number;
  /** 0-based. */
  readonly chosen: number;
  /** Numbers of the mask, or what to do first. */
  readonly words: string;
}

/** The bar of the tool, over the picture: model, label, candidates, and what ends a mask. */
export class SegmentBar {
  readonly element = el('div', { class: 'segment-bar', role: 'toolbar', aria: { label: 'Segment' } });
  readonly label: HTMLInputElement;
  private readonly model: HTMLButtonElement;
  private readonly modelName = span('segment-model-name');
  private readonly hover: HTMLElement;
  private readonly candidates = div('segment-candidates');
  private readonly count = span('segment-count');
  private readonly undo: HTMLButtonElement;
  private readonly accept: HTMLButtonElement;
  private readonly words = span('segment-words');
  private choice: ModelChoice | null = null;

  constructor(
    act: (action: SegmentAction) => void,
    private readonly choose: (model: string) => void,
  ) {
    this.model = el('button', { class: 'segment-model', title: 'Model' }, this.modelName, icon('chevron-down'));
    this.model.type = 'button';
    this.model.addEventListener('click', () => this.openModels());
    this.label = inputBox({
      label: 'Label of the mask',
      placeholder: 'Label',
      class: 'segment-label',
      onEnter: () => act('acceptMask'),
    });
    const tool = (name: IconName, label: string, keys: string, action: SegmentAction, pressed?: boolean) =>
      iconButton({
        icon: name,
        label,
        keys,
        ...(pressed === undefined ? {} : { pressed }),
        onClick: () => act(action),
      });
    this.hover = tool('eye', 'Preview under the pointer', 'H', 'segmentHover', true);
    this.undo = tool('discard', 'Take the last click back', 'Backspace', 'undoClick');
    this.accept = tool('check', 'Accept the mask', 'Enter', 'acceptMask');
    this.candidates.append(
      tool('chevron-left', 'Previous candidate', '[', 'previousCandidate'),
      this.count,
      tool('chevron-right', 'Next candidate', ']', 'nextCandidate'),
    );
    this.element.append(
      this.model,
      this.hover,
      this.candidates,
      this.label,
      this.undo,
      this.accept,
      tool('close', 'Give the mask up', 'Esc', 'cancelMask'),
      this.words,
    );
  }

  setModels(choice: ModelChoice): void {
    this.choice = choice;
    const chosen = choice.models.find(({ id }) => id === choice.chosen);
    setText(this.modelName, chosen?.title ?? 'No model');
    setAria(this.model, 'label', `Model: ${chosen?.title ?? 'none'}`);
    this.model.title = choice.trouble ?? 'Model';
  }

  paint({ mask, begun, hover, candidates, chosen, words }: BarState): void {
    setPressed(this.hover, hover);
    this.candidates.hidden = candidates < 2;
    setText(this.count, `${chosen + 1}/${candidates}`);
    this.undo.disabled = !begun;
    this.accept.disabled = !mask;
    setText(this.words, words);
  }

  private openModels(): void {
    const { choice } = this;
    if (choice === null) return;
    showMenu(
      this.model,
      'Model',
      choice.models.map(({ id, title }) => ({
        kind: 'item' as const,
        label: title,
        checked: id === choice.chosen,
        radio: true,
        run: () => this.choose(id),
      })),
    );
  }
}
