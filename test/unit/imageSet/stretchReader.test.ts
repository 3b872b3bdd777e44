import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CocoList, type CocoStretch, cocoFlag } from '../../../src/data/process/imageSet/coco/cocoStretch';
import { StretchReader } from '../../../src/data/process/imageSet/coco/readStretch';

/** Reads the list's bytes as the scan does, in stretches of `size`. */
function readAll(list: CocoList, text: string, size: number): readonly CocoStretch[] {
  const bytes = Buffer.from(text);
  const reader = new StretchReader();
  const found: CocoStretch[] = [];
  for (let from = 1; ; ) {
    const stretch = reader.read({ list, from, to: from + size, mark: null }, (at, into) => bytes.copy(into, 0, at));
    found.push(stretch);
    if (stretch.ended !== 'no') return found;
    from = stretch.end;
  }
}

interface Read {
  id: number | string | null;
  image: number | string | null;
  box: readonly number[] | null;
  area: number | null;
  crowd: boolean;
}

function rowsOf(stretches: readonly CocoStretch[]): readonly Read[] {
  return stretches.flatMap((stretch) =>
    Array.from({ length: stretch.count }, (_, at) => {
      const flags = stretch.flags[at] ?? 0;
      const id = (ids: Float64Array, bit: number) => {
        const value = ids[at] ?? Number.NaN;
        if (Number.isNaN(value)) return null;
        return (flags & bit) === 0 ? value : (stretch.texts[value] ?? null);
      };
      const number = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value);
      const box = [...stretch.boxes.subarray(at * 4, at * 4 + 4)];
      return {
        id: id(stretch.ids, cocoFlag.textId),
        image: id(stretch.images, cocoFlag.textImage),
        box: box.some(Number.isNaN) ? null : box,
        area: number(stretch.areas[at]),
        crowd: (flags & cocoFlag.crowd) !== 0,
      };
    }),
  );
}

/** What `JSON.parse` makes of an annotation, as far as the columns hold it. */
function expected(value: unknown): Read {
  const none: Read = { id: null, image: null, box: null, area: null, crowd: false };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return none;
  const { id, image_id: image, bbox, area, iscrowd } = value as Record<string, unknown>;
  const idOf = (one: unknown) => (typeof one === 'string' ? `"${one}` : typeof one === 'number' ? one : null);
  const isBox = Array.isArray(bbox) && bbox.length === 4 && bbox.every((part) => typeof part === 'number');
  return {
    id: idOf(id),
    image: idOf(image),
    box: isBox ? (bbox as number[]) : null,
    area: typeof area === 'number' ? area : null,
    crowd: iscrowd === true || (typeof iscrowd === 'number' && iscrowd !== 0),
  };
}

const number = fc.oneof(
  fc.integer({ min: -1e6, max: 1e6 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: 0, max: 1e8 }).map((value) => value / 100),
);
const id = fc.oneof(fc.nat(), fc.string({ maxLength: 12 }), fc.constant(null));
const annotation = fc.record(
  {
    id,
    image_id: id,
    bbox: fc.oneof(
      { weight: 5, arbitrary: fc.tuple(number, number, number, number) },
      fc.array(number, { maxLength: 6 }),
      fc.jsonValue(),
    ),
    area: fc.oneof(number, fc.jsonValue()),
    iscrowd: fc.constantFrom(0, 1, true, false, null),
    segmentation: fc.jsonValue().map((value) => ({ value })),
    note: fc.string({ unit: 'binary' }),
    'image_id ': fc.jsonValue(),
  },
  { requiredKeys: [] },
);

describe('elements of a COCO list', () => {
  it('are what JSON.parse makes of them, wherever stretches end and however the document is laid out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 6, arbitrary: annotation }, fc.jsonValue()), { maxLength: 12 }),
        fc.integer({ min: 1, max: 400 }),
        fc.constantFrom(0, 1, '\t'),
        (elements, size, indent) => {
          const text = JSON.stringify(elements, null, indent);
          const stretches = readAll('annotations', text, size);
          expect(stretches.at(-1)).toMatchObject({ ended: 'list', end: Buffer.byteLength(text) });
          // JSON.stringify writes −0 as 0.
          const parsed = JSON.parse(text) as unknown[];
          expect(rowsOf(stretches)).toEqual(parsed.map(expected));
          const bytes = Buffer.from(text);
          const spans = stretches.flatMap(({ count, offsets, lengths }) =>
            Array.from({ length: count }, (_, at) =>
              bytes.toString('utf8', offsets[at], (offsets[at] ?? 0) + (lengths[at] ?? 0)),
            ),
          );
          expect(spans.map((span) => JSON.parse(span) as unknown)).toEqual(parsed);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('of a damaged document end somewhere, and never throw or hang', () => {
    fc.assert(
      fc.property(
        fc.array(annotation, { minLength: 1, maxLength: 5 }),
        fc.nat(),
        fc.uint8Array({ maxLength: 4 }),
        fc.integer({ min: 1, max: 300 }),
        (elements, place, damage, size) => {
          const bytes = Buffer.from(JSON.stringify(elements));
          const at = place % bytes.length;
          const broken = Buffer.concat([bytes.subarray(0, at), damage, bytes.subarray(at + (place % 3))]);
          const stretches = readAll('annotations', broken.toString('latin1'), size);
          expect(stretches.length).toBeLessThanOrEqual(broken.length * 2 + 2);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('are told with their trouble: numbers that are none, boxes of another length, ids of too many digits', () => {
    const text =
      '[{"id": 12345678901234567890, "bbox": [1, 2, NaN, 4], "area": Infinity}\n, {"bbox": [1, 2], "area": "9"} {"id": 1}, 7, {"id" 5}]';
    const stretches = readAll('annotations', text, 1000);
    expect(rowsOf(stretches).map((row) => row.id)).toEqual(['12345678901234567890', null, 1, null, null]);
    expect(
      stretches.flatMap(({ troubles }) => troubles.map(({ element, field, message }) => [element, field, message])),
    ).toEqual([
      [0, 'bbox', '"bbox" holds something else than finite numbers: the annotation has no box.'],
      [0, 'area', '"area" is Infinity.'],
      [1, 'bbox', '"bbox" holds 2 values, not 4: the annotation has no box.'],
      [1, 'area', '"area" is not a number.'],
      [2, null, 'A comma is missing in front of the element.'],
      [3, null, 'The element is no object.'],
      [4, null, 'The element is not valid JSON: nothing of it is read.'],
    ]);
  });
});
