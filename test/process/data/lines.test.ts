import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileSource } from '../../../src/data/process/files/fileSource';
import { type LongLine, maxRowBytes, readLines } from '../../../src/data/process/scan/lines';
import { makeFolder } from './openClient';

interface Found {
  readonly line: number;
  readonly offset: number;
  readonly text: string;
}

async function index(content: string | Uint8Array) {
  const file = join(await makeFolder({ a: content }), 'a');
  const lines: Found[] = [];
  const long: LongLine[] = [];
  let unterminated = false;
  let capacity = 0;
  await new FileSource('a', file).use(async (handle) => {
    for await (const batch of readLines(handle)) {
      capacity = batch.buffer.length;
      unterminated = batch.unterminated;
      if (batch.tooLong !== null) long.push(batch.tooLong);
      for (let i = 0; i < batch.count; i++) {
        const text = batch.buffer.toString('latin1', batch.starts[i], batch.ends[i]);
        lines.push({ line: batch.firstLine + i, offset: batch.base + batch.starts[i]!, text });
      }
    }
  });
  return { lines, long, unterminated, capacity };
}

describe('the line index', () => {
  it('gives every line its number and byte offset, also blank ones and the last without a newline', async () => {
    const { lines, unterminated } = await index('a\n\nbc\nd');
    expect(lines).toEqual([
      { line: 1, offset: 0, text: 'a' },
      { line: 2, offset: 2, text: '' },
      { line: 3, offset: 3, text: 'bc' },
      { line: 4, offset: 6, text: 'd' },
    ]);
    expect(unterminated).toBe(true);
    expect((await index('a\n')).unterminated).toBe(false);
    expect((await index('')).lines).toEqual([]);
  });

  it('agrees with a split of the whole text wherever the reads fall', async () => {
    // Lines of growing length cross the 1 MiB reads at many offsets; one is longer than a read.
    const expected = Array.from({ length: 9000 }, (_, i) => String(i).padStart(i % 1500, 'x'));
    expected.splice(1700, 0, 'y'.repeat(3_000_000));
    const { lines, capacity } = await index(expected.join('\n'));
    expect(lines.length).toBe(expected.length);
    let offset = 0;
    for (const [i, text] of expected.entries()) {
      if (lines[i]!.text !== text || lines[i]!.offset !== offset || lines[i]!.line !== i + 1)
        expect.fail(`line ${i + 1}`);
      offset += text.length + 1;
    }
    // The long line made the buffer grow; it is small again.
    expect(capacity).toBe(1024 * 1024);
  });

  it('passes over a line beyond the limit and keeps the numbers of those behind it', async () => {
    const content = Buffer.concat([
      Buffer.from('first\n'),
      Buffer.alloc(maxRowBytes + 100_000, 'x'),
      Buffer.from('\nlast\n'),
    ]);
    const { lines, long } = await index(content);
    expect(long).toEqual([{ line: 2, offset: 6, length: maxRowBytes + 100_000 }]);
    expect(lines).toEqual([
      { line: 1, offset: 0, text: 'first' },
      { line: 3, offset: content.length - 5, text: 'last' },
    ]);
  });

  it('reports such a line also when the file ends in it', async () => {
    const { lines, long } = await index(Buffer.alloc(maxRowBytes + 5, 'x'));
    expect(lines).toEqual([]);
    expect(long).toEqual([{ line: 1, offset: 0, length: maxRowBytes + 5 }]);
  });
});
