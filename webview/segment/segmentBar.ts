import type { ModelChoice } from '../../src/protocol/canvasSegment';
import { div, el, setAria, setText, span } from '../ui/dom';
import { type IconName, icon } from '../ui/icon';
import { iconButton, setPressed } from '../ui/iconButton';
import { inputBox } from '../ui/inputBox';
import { type MenuItem, showMenu } from '../ui/menu';

/** What the tool can be told to do, by key, button or command. */
export type SegmentAction =
  | 'acceptMask'
  | 'cancelMask'
  | 'undoClick'
  | 'redoClick'
  | 'nextCandidate'
  | 'previousCandidate'
  | 'segmentClicks'
  | 'segmentBrush'
  | 'segmentEraser'
  | 'segmentPolygon'
  | 'segmentHover';

export type SegmentMode = 'clicks' | 'brush' | 'eraser';

/** What the bar shows. */
export interface BarState {
  readonly mode: SegmentMode;
  /** A mask is in hand. */
  readonly mask: boolean;
  /** Something can be taken back. */
  readonly begun: boolean;
  readonly hover: boolean;
  readonly polygon: boolean;
  /** Of the brush, stored pixels. */
  readonly radius: number;
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
  private readonly modes: Readonly<Record<SegmentMode, HTMLElement>>;
  private readonly hover: HTMLElement;
  private readonly polygon: HTMLElement;
  private readonly back: HTMLElement;
  private readonly forth: HTMLElement;
  private readonly candidates = div('segment-candidates');
  private readonly count = span('segment-count');
  private readonly undo: HTMLButtonElement;
  private readonly accept: HTMLButtonElement;
  private readonly words = span('segment-words');
  private choice: ModelChoice | null = null;

  constructor(
    act: (action: SegmentAction) => void,
    private readonly choose: (model: string) => void,
    private readonly addModel: () => void,
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
    this.modes = {
      clicks: tool('target', 'Clicks and boxes', 'C', 'segmentClicks', true),
      brush: tool('paintcan', 'Brush', 'B', 'segmentBrush', false),
      eraser: tool('eraser', 'Eraser', 'E', 'segmentEraser', false),
    };
    this.polygon = tool('type-hierarchy', 'Show as a polygon', 'V', 'segmentPolygon', false);
    this.hover = tool('eye', 'Preview under the pointer', 'H', 'segmentHover', true);
    this.undo = tool('discard', 'Take the last click back', 'Backspace', 'undoClick');
    this.accept = tool('check', 'Accept the mask', 'Enter', 'acceptMask');
    this.back = tool('chevron-left', 'Previous candidate', '[', 'previousCandidate');
    this.forth = tool('chevron-right', 'Next candidate', ']', 'nextCandidate');
    this.candidates.append(this.back, this.count, this.forth);
    this.element.append(
      this.model,
      ...Object.values(this.modes),
      this.hover,
      this.polygon,
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

  paint({ mode, mask, begun, hover, polygon, radius, candidates, chosen, words }: BarState): void {
    for (const [name, button] of Object.entries(this.modes)) setPressed(button, name === mode);
    setPressed(this.hover, hover);
    setPressed(this.polygon, polygon);
    const brush = mode !== 'clicks';
    this.candidates.hidden = !brush && candidates < 2;
    this.stepLabels(brush);
    setText(this.count, brush ? `${Math.max(1, Math.round(2 * radius))} px` : `${chosen + 1}/${candidates}`);
    this.undo.disabled = !begun;
    this.accept.disabled = !mask;
    setText(this.words, words);
  }

  private stepLabels(brush: boolean): void {
    const named = (button: HTMLElement, label: string, key: string) => {
      setAria(button, 'label', label);
      button.title = `${label} (${key})`;
    };
    named(this.back, brush ? 'Smaller brush' : 'Previous candidate', '[');
    named(this.forth, brush ? 'Larger brush' : 'Next candidate', ']');
  }

  private openModels(): void {
    const { choice } = this;
    if (choice === null) return;
    const models = choice.models.map(({ id, title }): MenuItem => {
      return { kind: 'item', label: title, checked: id === choice.chosen, radio: true, run: () => this.choose(id) };
    });
    showMenu(this.model, 'Model', [
      ...models,
      { kind: 'line' },
      { kind: 'item', label: 'Add Segmentation Model…', run: this.addModel },
    ]);
  }
}
