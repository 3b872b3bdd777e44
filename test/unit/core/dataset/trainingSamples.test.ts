import { describe, expect, it } from 'vitest';
import type { DatasetQuestion } from '../../../../src/core/dataset/datasetImage';
import { type TrainingTask, trainingSamples } from '../../../../src/core/dataset/trainingSamples';
import type { Box } from '../../../../src/core/geometry/box';
import { plainAnnotation } from '../../../../src/formats/imageSet/plainAnnotation';

const size = { width: 100, height: 50 };
const kite = { x1: 10, y1: 10, x2: 20, y2: 20 };
const prompts: Readonly<Record<TrainingTask, string>> = {
  detection: "Find '{object}'.",
  'detection-image': 'Find {object}.',
  question: '{question}\n{options}',
  'sense-detection': "Where may '{object}' be? {count} regions.",
  'sense-question': 'Where is the answer to {question}',
};

const boxed = (id: string, label: string | null, box: Box, more = {}) =>
  plainAnnotation(id, label, { kind: 'box', box }, more);

function samplesOf(task: TrainingTask, annotations = [boxed('1', 'kite', kite)], questions: DatasetQuestion[] = []) {
  const image = { key: 'a.jpg', index: 4, annotations, questions };
  return trainingSamples(image, size, { task, prompt: prompts[task], system: '', frame: { kind: 'original' } });
}

const colour = { text: 'Which colour?', options: ['red', 'green', 'blue'], answer: 'red' };

describe('samples of an image', () => {
  it('ask for one label each, or for all of them at once', () => {
    const boat = { x1: 30, y1: 5, x2: 40, y2: 9 };
    const annotations = [boxed('1', 'kite', kite), boxed('2', 'boat', boat), boxed('3', 'kite', boat)];
    const { samples } = samplesOf('detection', annotations);
    expect(samples.map(({ id, prompt, truth }) => [id, prompt, truth.length])).toEqual([
      ['a.jpg/kite', "Find 'kite'.", 2],
      ['a.jpg/boat', "Find 'boat'.", 1],
    ]);
    const [together, ...more] = samplesOf('detection-image', annotations).samples;
    expect(more).toEqual([]);
    expect(together).toMatchObject({ id: 'a.jpg', prompt: 'Find kite, boat.' });
    expect(together?.truth.map(({ label }) => label)).toEqual(['kite', 'boat', 'kite']);
    expect(samplesOf('sense-detection').samples[0]?.prompt).toBe("Where may 'kite' be? 3 regions.");
  });

  it('leave out, and tell, what nobody should be asked for: crowds, boxes beside the image, boxes without a label', () => {
    const { samples, omitted } = samplesOf('detection', [
      boxed('1', 'kite', { x1: 90, y1: 40, x2: 130, y2: 80 }),
      boxed('2', 'kite', { x1: 130, y1: 0, x2: 140, y2: 9 }),
      boxed('3', 'kite', kite, { crowd: true }),
      boxed('4', 'kite', kite, { ignore: true }),
      boxed('5', null, kite),
      plainAnnotation('6', 'kite', { kind: 'tag' }),
    ]);
    // What reaches over the image ends at its side.
    expect(samples.map(({ truth }) => truth)).toEqual([[{ box: { x1: 90, y1: 40, x2: 100, y2: 50 }, label: 'kite' }]]);
    expect(omitted.join('; ')).toMatch(/^2 crowds.*; 2 annotations without a box.*; 1 boxes without a label$/);
  });

  it('show options in an order of their own, and answer with the letter', () => {
    const letters = Array.from({ length: 8 }, (_, index) => {
      const image = { key: 'a', index, annotations: [], questions: [colour] };
      const choice = { task: 'question', prompt: prompts.question, system: '', frame: { kind: 'original' } } as const;
      const [sample] = trainingSamples(image, size, choice).samples;
      expect(sample?.prompt).toContain(`${sample?.answer}. red`);
      return sample?.answer;
    });
    expect(new Set(letters).size).toBeGreaterThan(1);
  });

  it('find the right option by its words or its letter in the file, and none where it is none of them', () => {
    const asks = (answer: string, template = prompts.question) =>
      Array.from({ length: 8 }, (_, index) => {
        const image = { key: 'a', index, annotations: [], questions: [{ ...colour, answer }] };
        return trainingSamples(image, size, {
          task: 'question',
          prompt: template,
          system: '',
          frame: { kind: 'original' },
        });
      });
    // Options are shuffled: the file's letter would name another one.
    for (const answer of ['B', '(b)', 'Green.'])
      for (const { samples } of asks(answer)) expect(samples[0]?.prompt).toContain(`${samples[0]?.answer}. green`);
    for (const { samples, omitted } of asks('purple')) {
      expect(samples).toEqual([]);
      expect(omitted).toEqual(['1 questions whose answer is none of their options']);
    }
    // Of options that are not shown nobody can name the letter.
    for (const { samples } of asks('B', '{question}')) expect(samples[0]?.answer).toBe('green');
  });

  it('are none of a question that nobody answered, nor of one whose text would be taken for an image', () => {
    const open = { text: 'Why?', options: [], answer: null };
    const marked = { text: 'Is <image> one?', options: [], answer: 'yes' };
    const { samples, omitted } = samplesOf('question', [], [open, marked, { ...open, answer: 'Because.' }]);
    expect(samples.map(({ id, prompt, answer }) => [id, prompt, answer])).toEqual([['a.jpg?2', 'Why?', 'Because.']]);
    expect(omitted).toEqual([
      '1 questions without an answer',
      '1 samples whose text holds a mark that stands for an image or a box',
    ]);
    // Where to look is known by boxes alone.
    expect(samplesOf('sense-question', [], [colour]).samples).toEqual([]);
    expect(samplesOf('sense-question', undefined, [colour]).samples[0]).toMatchObject({ answer: null, truth: [{}] });
  });

  it('fill words in once: a label in braces stays as it is', () => {
    expect(samplesOf('detection', [boxed('1', '{count}', kite)]).samples[0]?.prompt).toBe("Find '{count}'.");
  });
});
