import type { DatasetQuestion } from '../../../src/core/dataset/datasetImage';
import { div, el, fill, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { iconButton } from '../../ui/iconButton';

/** What is said of a question. Null takes it back: the file's own stands again. */
export interface QuestionEdits {
  readonly word: (question: number, text: string | null) => void;
  readonly answer: (question: number, answer: string | null) => void;
}

/** One question with its options, of which one is chosen as right, or with its answer in words. */
export function questionRow(question: DatasetQuestion, at: number, edits: QuestionEdits): HTMLElement {
  const { text, options, answer } = question;
  const rows = options.map((option) => {
    const right = option === answer;
    const row = el(
      'button',
      { class: 'option', role: 'radio', aria: { checked: right }, title: 'Set as the right answer' },
      icon(right ? 'pass' : 'circle'),
      span('', option),
    );
    row.type = 'button';
    row.addEventListener('click', () => edits.answer(at, option));
    return row;
  });
  const list = el('div', { class: 'options', role: 'radiogroup', aria: { label: text } }, ...rows);
  const open =
    options.length > 0
      ? null
      : editable('option-open', answer === null ? 'No answer' : `Answer: ${answer}`, answer ?? '', 'answer', (next) =>
          edits.answer(at, next),
        );
  return div(
    'question',
    editable('question-text', text, text, 'question', (next) => edits.word(at, next)),
    list,
    open,
  );
}

/** A text with a pencil that makes a field of it: Enter keeps what was typed, Escape does not, Shift+Enter begins a line. */
function editable(
  name: string,
  shown: string,
  value: string,
  what: string,
  take: (next: string | null) => void,
): HTMLElement {
  const element = div(`${name} editable`);
  const show = () => fill(element, span('', shown), pencil);
  const pencil = iconButton({ icon: 'edit', label: `Edit the ${what}`, onClick: () => open() });
  const open = () => {
    const field = el('textarea', {
      class: 'input-box question-field',
      title: `Enter keeps the ${what}; empty is the file’s own`,
      aria: { label: `The ${what}` },
    });
    field.value = value;
    field.rows = Math.min(8, value.split('\n').length + 1);
    field.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.key !== 'Escape' && (event.key !== 'Enter' || event.shiftKey || event.isComposing)) return;
      event.preventDefault();
      const typed = field.value.trim();
      show();
      pencil.focus();
      if (event.key === 'Enter' && typed !== value) take(typed === '' ? null : typed);
    });
    fill(element, field);
    field.focus();
    field.select();
  };
  show();
  return element;
}
