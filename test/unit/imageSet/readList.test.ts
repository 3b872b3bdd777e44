import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CocoStretch, CocoTask } from '../../../src/data/process/imageSet/coco/cocoStretch';
import { type ReadList, readAlone, readWide } from '../../../src/data/process/imageSet/coco/readList';
import { StretchReader } from '../../../src/data/process/imageSet/coco/readStretch';
import type { ResultOf, ScanTask } from '../../../src/data/process/scan/wide/segment';

/** A document in memory, as a file and as what threads read. */
function memory(text: string) {
  const bytes = Buffer.from(text);
  const file = {
    read: async (into: Uint8Array, offset: number, length: number, position: number) => ({
      bytesRead: bytes.copy(into, offset, position, position + length),
    }),
  };
  const reader = new StretchReader();
  const run = async (task: ScanTask) => reader.read(task as CocoTask, (from, into) => bytes.copy(into, 0, from));
  return {
    file,
    size: bytes.length,
    workers: { count: 2, run: run as <T extends ScanTask>(task: T) => Promise<ResultOf<T>> },
  };
}

async function placesOf(read: ReadList) {
  const places: [number, number][] = [];
  const take = ({ count, offsets, lengths }: CocoStretch) => {
    for (let at = 0; at < count; at++) places.push([offsets[at] ?? 0, lengths[at] ?? 0]);
  };
  const { end, ended } = await read('annotations', 1, take, async () => undefined);
  return { places, end, ended };
}

// Elements begin alike, as those of one writer do; inside some stand others that look like beginnings.
const element = fc.record({
  id: fc.nat(99),
  nested: fc.array(fc.record({ id: fc.nat(99), note: fc.constantFrom('}, {"id"', '],', '\\"', 'ä') }), {
    maxLength: 4,
  }),
});

it('threads that begin anywhere find the elements that one reader finds from the first on', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(element, { maxLength: 30 }),
      fc.integer({ min: 8, max: 600 }),
      fc.integer({ min: 0, max: 40 }),
      fc.constantFrom(0, 1),
      async (elements, stretch, lost, indent) => {
        const text = JSON.stringify(elements, null, indent);
        const { file, size, workers } = memory(text.slice(0, Math.max(1, text.length - lost)));
        const alone = await placesOf(readAlone(file, size));
        expect(await placesOf(readWide(file, size, '', workers, stretch))).toEqual(alone);
        if (lost === 0) expect(alone).toMatchObject({ ended: 'list', places: { length: elements.length } });
      },
    ),
    { numRuns: 150 },
  );
});
