import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHybridRuns } from '../../../src/data/process/images/parquet/hybridRuns';
import { readPageHeader } from '../../../src/data/process/images/parquet/pageHeader';
import { snappyDecompress } from '../../../src/data/process/images/parquet/snappy';

/** A result or an error, never a hang or a crash of another kind. */
function outcome(work: () => unknown): 'result' | 'error' {
  try {
    work();
    return 'result';
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return 'error';
  }
}

describe('bytes that are no parquet', () => {
  it('end in an error or in a value, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 0, max: 40 }), (bytes, width) => {
        outcome(() => readPageHeader(bytes));
        outcome(() => snappyDecompress(bytes));
        outcome(() => readHybridRuns(bytes, width, 1000));
      }),
      { numRuns: 2000 },
    );
  });

  it('a length that no such block can have takes no memory', () => {
    expect(() => snappyDecompress(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f, 0x00, 0x01))).toThrow(
      /impossible length/,
    );
  });
});

describe('a Snappy block', () => {
  it('of one literal gives its bytes, and only as many as are asked for', () => {
    const content = new Uint8Array(randomBytes(100));
    const block = Uint8Array.of(100, 60 << 2, 99, ...content);
    expect(snappyDecompress(block)).toEqual(content);
    expect(snappyDecompress(block.subarray(0, 20), 10)).toEqual(content.subarray(0, 10));
  });

  it('repeats itself through overlapping copies', () => {
    // "ab", then 6 bytes from 2 back.
    const block = Uint8Array.of(8, (2 - 1) << 2, 0x61, 0x62, ((6 - 4) << 2) | 1, 2);
    expect(new TextDecoder().decode(snappyDecompress(block))).toBe('abababab');
  });

  it('that copies from before its start is refused', () => {
    expect(() => snappyDecompress(Uint8Array.of(8, 0, 0x61, 0x05, 9))).toThrow(/outside of its block/);
  });
});
