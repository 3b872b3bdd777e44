import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { webDataset } from '../../../../src/formats/imageSet/webDataset';
import { memoryDir } from '../memoryDir';
import { scanned } from './scanned';

/** A member as Python's `tarfile` writes it: `ustar` header with its checksum, contents padded to 512 bytes. */
function member(name: string, content: string, type = '0'): Uint8Array {
  const body = new TextEncoder().encode(content);
  const bytes = new Uint8Array(512 + Math.ceil(body.length / 512) * 512);
  const put = (at: number, text: string) => bytes.set(new TextEncoder().encode(text), at);
  put(0, name.slice(0, 100));
  put(100, '0000644\0');
  put(124, `${body.length.toString(8).padStart(11, '0')}\0`);
  put(148, '        ');
  put(156, type);
  put(257, 'ustar\x0000');
  put(
    148,
    `${bytes
      .slice(0, 512)
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
  );
  bytes.set(body, 512);
  return bytes;
}
const tar = (...members: readonly Uint8Array[]) => new Uint8Array(Buffer.concat([...members, new Uint8Array(1024)]));

describe('WebDataset', () => {
  const long = `${'deep/'.repeat(30)}x.y.jpg`;
  const archive = tar(
    member('a/000.jpg', 'JPEG'),
    member('a/000.json', '{"width": 4, "question": "?", "answer": "yes"}'),
    member('a/000.cls', '7\n'),
    member('a/000.mask.png', 'PNG'),
    member('001.txt', 'a caption'),
    member('001.png', 'x'.repeat(600)),
    member('002.json', '{}'),
    member('././@LongLink', `${long}\0`, 'L'),
    member('cut', 'IMAGE'),
  );

  it('has the members of one key as a sample, and images where they stand', async () => {
    const dir = memoryDir({ 'train-000000.tar': archive });
    const { images, problems, bytes } = await scanned(webDataset, dir);
    expect(images.map(({ key, split, annotations }) => [key, split, annotations.map(({ label }) => label)])).toEqual([
      ['train-000000.tar/a/000', 'train', ['7']],
      ['train-000000.tar/001', 'train', []],
      [`train-000000.tar/${'deep/'.repeat(30)}x`, 'train', []],
    ]);
    expect(images[0]?.questions).toEqual([{ text: '?', options: [], answer: 'yes' }]);
    const slice = images[1]!.bytes;
    expect(slice.kind === 'slice' && archive.slice(slice.offset, slice.offset + slice.length)).toEqual(
      new TextEncoder().encode('x'.repeat(600)),
    );
    expect(problems.map(({ message }) => message)).toEqual(['The sample "002" has no image']);
    expect(bytes).toBe(archive.length - 1024);
  });

  it('tells where an archive is broken, and keeps what is before', async () => {
    const torn = archive.slice(0, 512 * 4).fill(1, 512 * 2, 512 * 3);
    const { images, problems } = await scanned(webDataset, memoryDir({ 'a.tar': torn }));
    expect(images).toHaveLength(1);
    expect(problems).toMatchObject([
      { file: 'a.tar', message: 'The archive is broken at byte 1024: what follows is not read' },
    ]);
  });

  it('is no tar of anything else', async () => {
    for (const bytes of [tar(member('a.py', 'x')), new Uint8Array(2048), new Uint8Array(3)])
      expect(await webDataset.detect({ dir: memoryDir({ 'a.tar': bytes }), file: null })).toBeNull();
  });

  it('never brings a reader down', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(archive.length - 1),
        fc.uint8Array({ maxLength: 40 }),
        fc.nat(archive.length),
        async (at, noise, end) => {
          const bytes = archive.slice();
          bytes.set(noise.slice(0, bytes.length - at), at);
          const dir = memoryDir({ 'a.tar': bytes.slice(0, end) });
          if ((await webDataset.detect({ dir, file: null })) !== null) await scanned(webDataset, dir);
        },
      ),
    );
  });
});
