import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArrayElements } from '../../../src/data/process/scan/arrayElements';

interface Found {
  readonly text: string;
  readonly line: number;
}

/** Hands the document over in pieces of `piece` bytes, each in a buffer of its own. */
function find(document: string | Buffer, path: readonly string[] = [], piece = 1 << 20) {
  const bytes = Buffer.from(document);
  const elements: Found[] = [];
  const finder = new ArrayElements(path, (start, end, line) =>
    elements.push({ text: bytes.toString('utf8', start, end), line }),
  );
  for (let from = 0; from < bytes.length; from += piece)
    finder.take(Buffer.from(bytes.subarray(from, from + piece)), 0, from);
  finder.end();
  const troubles = finder.takeTroubles().map(({ line, field, message }) => `${line} ${field ?? '-'} ${message}`);
  return { elements, troubles, texts: elements.map(({ text }) => text) };
}

describe('elements of an array in a JSON document', () => {
  it('are found at the root and behind keys, each with the line it begins on', () => {
    expect(find('\ufeff[1, {"a": "]"},\n\n ["x,\\"y"] , NaN,-Infinity ]\n')).toEqual({
      elements: [
        { text: '1', line: 1 },
        { text: '{"a": "]"}', line: 1 },
        { text: '["x,\\"y"]', line: 3 },
        { text: 'NaN', line: 3 },
        { text: '-Infinity', line: 3 },
      ],
      troubles: [],
      texts: ['1', '{"a": "]"}', '["x,\\"y"]', 'NaN', '-Infinity'],
    });
    const lvis =
      '{"info": {"annotations": [0]},\n"data": {"annot\\u0061tions": [{"id": 1},\n{"id": 2}], "x": null}, "n": 1}';
    expect(find(lvis, ['data', 'annotations'])).toMatchObject({
      elements: [
        { text: '{"id": 1}', line: 2 },
        { text: '{"id": 2}', line: 3 },
      ],
      troubles: [],
    });
  });

  it('are what JSON.parse sees in them, wherever the pieces end', () => {
    const documents = fc.record({
      rows: fc.array(fc.jsonValue({ maxDepth: 4 }), { maxLength: 12 }),
      before: fc.jsonValue({ maxDepth: 2 }),
      indent: fc.constantFrom(0, 1, 2),
      piece: fc.integer({ min: 1, max: 90 }),
      long: fc.string({ maxLength: 60, unit: fc.constantFrom('\\', '"', 'é', '\n', 'a', '😀', '{', ']') }),
    });
    fc.assert(
      fc.property(documents, ({ rows, before, indent, piece, long }) => {
        const all = [...rows, long, { [long]: long }];
        const text = JSON.stringify({ before, data: { rows: all }, after: [before] }, null, indent);
        const { texts, elements, troubles } = find(text, ['data', 'rows'], piece);
        expect(texts.map((element) => JSON.parse(element))).toEqual(JSON.parse(JSON.stringify(all)));
        expect(troubles).toEqual([]);
        if (indent > 0) {
          const lines = text.split('\n');
          for (const { text: element, line } of elements) expect(lines[line - 1]).toContain(element.split('\n')[0]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never hang or leave the bytes they were given, whatever these are', () => {
    const unit = fc.constantFrom('[', ']', '{', '}', '"', '\\', ',', ':', 'a', '"a"', '\n', '1');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 80 }), fc.integer({ min: 1, max: 20 }), (text, piece) => {
        const whole = find(text, ['a']);
        expect(find(text, ['a'], piece)).toEqual(whole);
        for (const element of whole.texts) expect(element).not.toBe('');
      }),
      { numRuns: 2000 },
    );
  });

  it('of a torn document are those that are whole', () => {
    const { texts, troubles } = find('{"rows": [{"a": 1},\n{"a": 2},\n{"a": [3', ['rows']);
    expect(texts).toEqual(['{"a": 1}', '{"a": 2}']);
    expect(troubles).toEqual([
      '3 - The document is cut off here: its writer stopped in the middle of it, or is still writing.',
    ]);
  });

  it('end where the brackets no longer match', () => {
    const { texts, troubles } = find('[{"a": 1},\n{"a": [2}, {"a": 3}]');
    expect(texts).toEqual(['{"a": 1}']);
    expect(troubles).toEqual([
      '2 - The document is broken here: a "}" has no opening bracket. What follows is not read.',
    ]);
  });

  it('survive a missing comma, which is told once', () => {
    const { texts, troubles } = find('{"rows": [1 2\n3]}', ['rows']);
    expect(texts).toEqual(['1', '2', '3']);
    expect(troubles).toEqual(['1 rows Between two elements a comma is missing.']);
  });

  it.each([
    ['{"rows": {"a": []}}', ['rows'], '1 rows "rows" is an object where a list is expected.'],
    ['[]', ['rows'], '1 - The document is a list where an object is expected.'],
    ['"text"', [], '1 - The document is a text where a list is expected.'],
    ['{"a": {"b": 1}}', ['a', 'c'], '1 a.c The document has no list "a.c".'],
    [
      '[1]\n[2]',
      [],
      '2 - The document is broken here: "[" stands where the end of the document is expected. What follows is not read.',
    ],
    [
      '{"rows" 1}',
      ['rows'],
      '1 - The document is broken here: "1" stands where ":" is expected. What follows is not read.',
    ],
  ])('%s is refused with its place', (document, path, trouble) => {
    expect(find(document, path).troubles).toEqual([trouble]);
  });

  it('are read from the first array when its key stands twice', () => {
    const { texts, troubles } = find('{"rows": [1],\n"rows": [2]}', ['rows']);
    expect(texts).toEqual(['1']);
    expect(troubles).toEqual([
      '2 rows "rows" stands in the document more than once; the first is read, this one is not.',
    ]);
  });
});
