import type { EffectiveAnnotation, EffectiveImage } from '../../../src/core/dataset/edit/imageNotes';
import type { JsonValue } from '../../../src/core/text/jsonValue';
import { onAny, oncePerFrame } from '../../rollouts/store/signal';
import { div, el, fill, span } from '../../ui/dom';
import { type Section, section } from '../../ui/section';
import { wordOf } from './annotationEdits';
import type { DetailState } from './detailState';
import { type QuestionEdits, questionRow } from './questionList';

/** UTF-16 units of a value that are worth showing. */
const longestValue = 400;
const mostFacts = 60;

/** Questions about the image, and what its file says of it and of the selected annotation. */
export class ImageFacts {
  readonly element = div('image-facts');
  private readonly questions: Section = section('Questions', true, () => undefined);
  private readonly annotation: Section = section('Annotation', true, () => undefined);
  private readonly image: Section = section('Image', false, () => undefined);
  /** Image and questions on show: made anew only where they are others, since one may just be edited. */
  private asked = '';

  constructor(
    private readonly state: DetailState,
    private readonly edits: QuestionEdits,
  ) {
    fill(this.element, this.questions.element, this.annotation.element, this.image.element);
    const paint = oncePerFrame(() => this.paint());
    onAny(paint, [state.image, state.selected]);
    this.paint();
  }

  private paint(): void {
    const image = this.state.image.value;
    const { single } = this.state;
    this.questions.element.hidden = image === null || image.questions.length === 0;
    this.annotation.element.hidden = single === null;
    this.image.element.hidden = image === null;
    if (image !== null) {
      this.paintQuestions(image);
      fill(this.image.body, ...imageRows(image));
    }
    if (single !== null) fill(this.annotation.body, ...annotationRows(single));
  }

  private paintQuestions({ key, questions }: EffectiveImage): void {
    const asked = JSON.stringify([key, questions]);
    if (asked === this.asked) return;
    this.asked = asked;
    fill(this.questions.body, ...questions.map((question, at) => questionRow(question, at, this.edits)));
  }
}

function annotationRows(annotation: EffectiveAnnotation): readonly HTMLElement[] {
  const { shape, box, area, origin, edit, attributes } = annotation;
  const n = (value: number) => String(Math.round(value * 10) / 10);
  const facts: [string, string][] = [['kind', wordOf(shape)]];
  if (box !== null) {
    facts.push(['box', `${n(box.x1)}, ${n(box.y1)} – ${n(box.x2)}, ${n(box.y2)}`]);
    facts.push(['size', `${n(box.x2 - box.x1)} × ${n(box.y2 - box.y1)} px`]);
  }
  if (area !== null) facts.push(['area', `${n(area)} px²`]);
  if (origin !== undefined) {
    const kept = origin.clicks.filter(({ undone }) => !undone).length;
    facts.push(['made with', origin.model ?? 'brush'], ['clicks', `${kept} of ${origin.clicks.length} kept`]);
  }
  if (edit !== null) facts.push([edit.kind, `by ${edit.author}, ${new Date(edit.time).toLocaleString()}`]);
  return rows([...facts, ...attributeFacts(attributes)]);
}

function imageRows({ file, size, split, attributes }: EffectiveImage): readonly HTMLElement[] {
  const facts: [string, string][] = [['file', file]];
  if (size !== null) facts.push(['size', `${size.width} × ${size.height} px`]);
  if (split !== null) facts.push(['split', split]);
  return rows([...facts, ...attributeFacts(attributes)]);
}

function attributeFacts(attributes: Readonly<Record<string, JsonValue>>): [string, string][] {
  return Object.entries(attributes).map(([name, value]) => [name, valueWords(value)]);
}

function valueWords(value: JsonValue): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

function rows(facts: readonly (readonly [string, string])[]): readonly HTMLElement[] {
  return facts
    .slice(0, mostFacts)
    .map(([name, value]) =>
      div('fact', span('fact-name', name), el('span', { class: 'fact-value', title: value }, value)),
    );
}
