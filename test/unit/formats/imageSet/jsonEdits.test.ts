import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../../src/core/text/jsonValue';
import { JsonArrays } from '../../../../src/formats/imageSet/json/jsonArrays';
import { jsonNode, memberOf } from '../../../../src/formats/imageSet/json/jsonNode';
import { spliced } from '../../../../src/formats/imageSet/write/edits';
import { JsonEdits } from '../../../../src/formats/imageSet/write/jsonEdits';
import { source } from '../memoryDir';

const encode = (text: string) => new TextEncoder().encode(text);

async function edited(
  text: string,
  edit: (edits: JsonEdits, node: ReturnType<typeof jsonNode>) => void,
): Promise<string> {
  const bytes = encode(text);
  const edits = new JsonEdits(bytes, 0);
  edit(edits, jsonNode(bytes));
  const pieces: string[] = [];
  for await (const piece of spliced(source('a.json', bytes), edits.edits)) pieces.push(new TextDecoder().decode(piece));
  return pieces.join('');
}

describe('an edit of a JSON text', () => {
  it('leaves spaces, order, texts of numbers and strings as they are, but for what it sets', async () => {
    const text = '{ "b" :[1.50, 2e0 ,3.0],\t"a":"\\u00e9", "a": {"x":null} }\n';
    const result = await edited(text, (edits, node) => edits.set(node, { b: [1.5, 2, 4], a: { x: true } }));
    expect(result).toBe('{ "b" :[1.50, 2e0 ,4.0],\t"a":"\\u00e9", "a": {"x":true} }\n');
  });

  it('adds members and elements in the layout of their neighbours', async () => {
    const indented = JSON.stringify({ a: [{ x: 1 }, { x: 2 }], b: 1 }, null, 2);
    const result = await edited(indented, (edits, node) => {
      edits.setElements(memberOf(node, 'a')!.value, (at) => at === 0, [{ x: [3] }]);
      edits.setMembers(node, { c: { d: 1 } });
    });
    expect(result).toBe(JSON.stringify({ a: [{ x: 2 }, { x: [3] }], b: 1, c: { d: 1 } }, null, 2));
    const flat = await edited('{"a":[[1,2],[3,4]],"b":1}', (edits, node) => {
      edits.setElements(memberOf(node, 'a')!.value, (at) => at === 1, [[5, 6]]);
      edits.removeMember(node, 'b');
    });
    expect(flat).toBe('{"a":[[1,2],[5,6]]}');
  });

  it('makes any value any other, and changes nothing where they are equal', async () => {
    const indents = fc.constantFrom(undefined, 1, 2, '\t');
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), indents, async (before, after, indent) => {
        const text = JSON.stringify(before, null, indent);
        expect(await edited(text, (edits, node) => edits.set(node, before as JsonValue))).toBe(text);
        const result = await edited(text, (edits, node) => edits.set(node, [after] as JsonValue));
        expect(JSON.parse(result)).toEqual(JSON.parse(JSON.stringify([after])));
      }),
    );
  });

  it('takes any elements out of an array and adds others', async () => {
    const indents = fc.constantFrom(undefined, 2);
    const lists = fc.array(fc.oneof(fc.integer(), fc.string(), fc.constant([]), fc.constant({ a: 1 })));
    await fc.assert(
      fc.asyncProperty(lists, fc.array(fc.boolean()), lists, indents, async (list, drops, added, indent) => {
        const text = JSON.stringify(list, null, indent);
        const result = await edited(text, (edits, node) =>
          edits.setElements(node, (at) => drops[at] === true, added as JsonValue[]),
        );
        expect(JSON.parse(result)).toEqual([...list.filter((_, at) => drops[at] !== true), ...added]);
      }),
    );
  });
});

describe('arrays of a document', () => {
  /** A source whose pieces end anywhere. */
  const elements = async (text: string, keys: readonly string[], piece: number) => {
    const bytes = encode(text);
    const small = {
      path: 'a',
      size: async () => bytes.length,
      read: async (at: number, length: number) => bytes.slice(at, at + length),
    };
    const arrays = new JsonArrays(small, keys, piece);
    const found: [string | null, unknown][] = [];
    for await (const { key, offset, bytes: own } of arrays.elements()) {
      expect(bytes.slice(offset, offset + own.length)).toEqual(own);
      found.push([key, JSON.parse(new TextDecoder().decode(own))]);
    }
    for (const { open, close } of arrays.bounds.values()) expect([bytes[open], bytes[close!]]).toEqual([0x5b, 0x5d]);
    return found;
  };

  it('are found element by element, wherever its pieces end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        fc.array(fc.jsonValue()),
        fc.jsonValue(),
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom(undefined, 2),
        async (a, b, other, piece, indent) => {
          const clean = (value: unknown) => JSON.parse(JSON.stringify(value));
          const text = JSON.stringify(
            { info: { images: [1], other }, images: a, licences: [other], annotations: b },
            null,
            indent,
          );
          expect(await elements(text, ['images', 'annotations'], piece)).toEqual([
            ...clean(a).map((value: unknown) => ['images', value]),
            ...clean(b).map((value: unknown) => ['annotations', value]),
          ]);
          expect(await elements(JSON.stringify(a, null, indent), [], piece)).toEqual(
            clean(a).map((value: unknown) => [null, value]),
          );
        },
      ),
      { numRuns: 40 },
    );
  });
});
