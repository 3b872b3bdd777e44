import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intersectionArea } from '../../../../src/core/geometry/box';
import { corruptThought } from '../../../../src/core/policy/corruptThought';
import { type Evidence, probeView } from '../../../../src/core/policy/probeViews';
import { answeredQuestion } from '../../../../src/formats/policyTraceProbes';

const evidence: Evidence = {
  regions: [{ x1: 10, y1: 10, x2: 110, y2: 60 }],
  truth: [{ x1: 0, y1: 300, x2: 640, y2: 480 }],
  imageSize: { width: 640, height: 480 },
  thought: 'The sign on the left is red (b.+w).',
  options: ['red', 'red (b.+w)', 'green'],
  seed: 3,
};

describe('evidence that is changed before a question is asked again', () => {
  it('is cut elsewhere in the same size, off every region and the truth; not at all where there is no such place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const [part] = probeView('elsewhere', { ...evidence, seed })?.parts ?? [];
        if (part === undefined) throw new Error('no place');
        const { x1, y1, x2, y2 } = part.box;
        expect([x2 - x1, y2 - y1, x1 >= 0 && y1 >= 0 && x2 <= 640 && y2 <= 480]).toEqual([100, 50, true]);
        const shared = [...evidence.regions, ...evidence.truth].map((box) => intersectionArea(part.box, box));
        expect(Math.max(...shared)).toBeLessThanOrEqual(500);
      }),
    );
    expect(probeView('elsewhere', { ...evidence, regions: [{ x1: 0, y1: 0, x2: 600, y2: 480 }] })).toBeNull();
    expect(probeView('blank', { ...evidence, regions: [] })).toBeNull();
  });

  it('is a thought that says something else, or none', () => {
    expect(corruptThought(evidence.thought ?? '', evidence.options)).toBe('The sign on the right is green.');
    expect(corruptThought('Two of 3 cars, bored.', ['red', 'blue'])).toBe('Two of 4 cars, bored.');
    expect(corruptThought('Signs hang high.', [])).toBeNull();
    expect(probeView('thought', { ...evidence, thought: 'Signs hang high.' })).toBeNull();
    expect(probeView('same', evidence)).toEqual({
      parts: [{ box: evidence.regions[0], look: 'plain' }],
      thought: null,
    });
  });

  it('is read from rows of whatever kind without an error', () => {
    const known = { task: 'question', question: 'Which?', answer: 'red', seed: 1, image_size: '640x480' };
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('calls', 'options', 'regions', 'policy', 'output'), fc.jsonValue()),
        (row) => {
          answeredQuestion({ ...known, ...row } as never);
        },
      ),
    );
    expect(answeredQuestion(known)).toMatchObject({ question: 'Which?', thought: null, regions: [] });
    // Options whose order is not known cannot be shown as they were.
    expect(answeredQuestion({ ...known, options: ['a', 'b'], options_order: [0] })).toBeNull();
  });
});
