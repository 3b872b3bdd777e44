import { describe, expect, it } from 'vitest';
import { Titles } from '../../../src/data/process/scan/titles';

function shown(...titles: readonly string[]): string[] {
  const list = new Titles();
  for (const title of titles) list.add(title);
  return titles.map((_, i) => list.shown(i));
}

describe('titles of groups in the list', () => {
  const template = 'Find up to three different regions in the image that likely contain a high number of';

  it('start where prompts of one template begin to differ, a few words earlier', () => {
    expect(shown(`${template} 'boat'. Return JSON.`, `${template} 'car'. Return JSON.`)).toEqual([
      "…high number of 'boat'. Return JSON.",
      "…high number of 'car'. Return JSON.",
    ]);
  });

  it('are whole while all are the same, or differ early', () => {
    expect(shown('What is this?', 'What is this?', 'How many?')).toEqual([
      'What is this?',
      'What is this?',
      'How many?',
    ]);
    expect(shown('Which number is on the bus?', 'Which number is on the car?')).toEqual([
      'Which number is on the bus?',
      'Which number is on the car?',
    ]);
  });

  it('are cut to what a list can show', () => {
    expect(shown('a'.repeat(250))[0]).toBe(`${'a'.repeat(95)}…`);
  });
});
