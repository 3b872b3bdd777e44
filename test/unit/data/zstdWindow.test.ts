import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WindowGuard } from '../../../src/data/process/files/zstdWindow';

/** A frame of raw blocks behind a header of that window (RFC 8878, 3.1.1.1.2), with or without a checksum. */
function frame(window: number, blocks: readonly string[], checksum = false): Buffer {
  const parts = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, checksum ? 0x04 : 0x00, window])];
  blocks.forEach((text, i) => {
    const header = Buffer.alloc(3);
    header.writeUIntLE((text.length << 3) | (i === blocks.length - 1 ? 1 : 0), 0, 3);
    parts.push(header, Buffer.from(text));
  });
  return Buffer.concat([...parts, Buffer.alloc(checksum ? 4 : 0)]);
}

/** 128 KiB, and nearly 2 GiB. */
const [small, large] = [0x38, 0xa8];
const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 7, 7]);

function push(guard: WindowGuard, data: Buffer, cuts: readonly number[]): void {
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    guard.push(data.subarray(from, cut));
    from = cut;
  }
  guard.push(data.subarray(from));
}

describe('the windows of Zstandard frames', () => {
  it('are looked at in every frame, however the data is cut', () => {
    const whole = [frame(small, ['a', 'bc'], true), skipped, frame(small, ['']), frame(small, ['d'.repeat(300)])];
    const bad = Buffer.concat([...whole, frame(large, ['e'])]);
    const good = Buffer.concat(whole);
    fc.assert(
      fc.property(fc.array(fc.nat(bad.length)), (cuts) => {
        expect(() => push(new WindowGuard(), bad, cuts)).toThrow(/MiB of memory/);
        push(
          new WindowGuard(),
          good,
          cuts.map((cut) => Math.min(cut, good.length)),
        );
      }),
    );
  });

  it('are left to the decoder in what is no such data', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (data) => new WindowGuard().push(data)));
  });
});
