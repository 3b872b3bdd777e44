import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiteralSyntaxError, readLiteral } from '../../../../src/core/text/literalReader';
import { parsePythonLiteral, parseTolerantJson } from '../../../../src/core/text/tolerantJson';

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof LiteralSyntaxError) return error.message;
    throw error;
  }
  throw new Error('was read');
}

describe('parseTolerantJson', () => {
  it('reads the numbers that Python writes and JSON does not know', () => {
    expect(parseTolerantJson('{"score": NaN, "a": [Infinity, -Infinity, 1.5]}')).toEqual({
      score: Number.NaN,
      a: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1.5],
    });
  });

  it('leaves such words alone inside strings', () => {
    expect(parseTolerantJson('{"text": "NaN, Infinity", "score": NaN}')).toEqual({
      text: 'NaN, Infinity',
      score: Number.NaN,
    });
  });

  it('agrees with JSON.parse on every JSON text, also when a NaN elsewhere forces its own reading', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseTolerantJson(text)).toEqual(JSON.parse(text));
        expect(parseTolerantJson(`[NaN, ${text}]`)).toEqual([Number.NaN, JSON.parse(text)]);
      }),
    );
  });

  it('decodes every string as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(readLiteral(JSON.stringify(text), 'json')).toBe(text);
      }),
    );
  });

  it('reads a text or throws a SyntaxError, nothing else', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      'NaN',
      '-',
      '1',
      '.5',
      'e9',
      '\\',
      '\\u12',
      "'",
      ' ',
      'null',
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((p) => p.join('')),
        (text) => {
          for (const parse of [parseTolerantJson, parsePythonLiteral]) {
            try {
              parse(text);
            } catch (error) {
              expect(error).toBeInstanceOf(LiteralSyntaxError);
              const { position } = error as LiteralSyntaxError;
              expect(position).toBeGreaterThanOrEqual(0);
              expect(position).toBeLessThanOrEqual(text.length);
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['{"a": 1,}', 'expected a key at character 9'],
    ['{"a": nul}', 'expected a value at character 7'],
    ['{"a": "cut of', 'the text ends inside a string at character 7'],
    ['{"a": [1, 2', "the text ends before ']' at character 12"],
    ['{"a": 01}', "expected ',' or '}' at character 8"],
    ['[1 2]', "expected ',' or ']' at character 4"],
    ['{\n  "a": 1\n  "b": 2\n}', "expected ',' or '}' at line 3, character 3"],
    ['{"a": 1} x', 'unexpected text after the value at character 10'],
    ['["\\q"]', 'unreadable escape in a string at character 3'],
    ['', 'the text ends where a value belongs at character 1'],
  ])('says what is wrong with %j and where', (text, message) => {
    expect(messageOf(() => parseTolerantJson(text))).toBe(message);
  });

  it('refuses bottomless nesting instead of overflowing the stack, read by either parser', () => {
    const deep = (n: number, inner: string) => '['.repeat(n) + inner + ']'.repeat(n);
    expect(messageOf(() => parseTolerantJson(deep(100_000, '1')))).toContain('nested deeper than 500 levels');
    expect(messageOf(() => parseTolerantJson(deep(100_000, 'NaN')))).toContain('nested deeper than 500 levels');
    expect(messageOf(() => parseTolerantJson('{"a":'.repeat(100_000)))).toContain('nested deeper than 500 levels');
    expect(parseTolerantJson(deep(500, '1'))).toEqual(JSON.parse(deep(500, '1')));
    expect(() => parseTolerantJson(deep(500, 'NaN'))).not.toThrow();
  });

  it('keeps __proto__ a key like any other', () => {
    const value = parseTolerantJson('{"__proto__": {"polluted": NaN}}') as object;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('skips a byte order mark', () => {
    expect(parseTolerantJson('\ufeff{"a": 1}')).toEqual({ a: 1 });
  });

  it('reads a line of several megabytes that JSON.parse refuses', () => {
    const text = JSON.stringify({ output: 'a "quoted" word\n'.repeat(200_000) });
    const line = `${text.slice(0, -1)}, "score": NaN}`;
    expect(parseTolerantJson(line)).toEqual({ output: 'a "quoted" word\n'.repeat(200_000), score: Number.NaN });
  });
});

describe('parsePythonLiteral', () => {
  it('reads what repr writes', () => {
    expect(parsePythonLiteral(`[{'bbox_2d': (1, 2.5, -3, 4.), 'label': "it's", 'ok': True, 'no': None,},]`)).toEqual([
      { bbox_2d: [1, 2.5, -3, 4], label: "it's", ok: true, no: null },
    ]);
    expect(parsePythonLiteral(`['it\\'s \\x41\\u00e9\\d', nan, -inf, {1: False}]`)).toEqual([
      "it's Aé\\d",
      Number.NaN,
      Number.NEGATIVE_INFINITY,
      { '1': false },
    ]);
  });

  it('reads all JSON too', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parsePythonLiteral(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
