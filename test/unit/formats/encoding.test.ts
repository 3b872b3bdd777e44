import { describe, expect, it } from 'vitest';
import { encodingOf, encodingTrouble } from '../../../src/formats/encoding';
import { readHead } from '../../../src/formats/head';
import { promptTitle } from '../../../src/formats/title';
import { source } from './memoryDir';

const line = '{"input": "é"}\n';
const utf16be = Buffer.from(line, 'utf16le').swap16();

describe('the encoding of a file', () => {
  it.each([
    ['utf-8', Buffer.from(line)],
    ['utf-8', Buffer.from(`\ufeff${line}`)],
    ['utf-16le', Buffer.from(line, 'utf16le')],
    ['utf-16le', Buffer.from(`\ufeff${line}`, 'utf16le')],
    ['utf-16be', utf16be],
    ['utf-32', Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0])],
    ['binary', Buffer.from([0x50, 0x41, 0x52, 0x31, 0, 0x15, 0, 0, 0x15])],
  ])('is told as %s', (encoding, bytes) => {
    expect(encodingOf(bytes)).toBe(encoding);
  });

  it('is named to the user with the way to convert it', () => {
    expect(encodingTrouble('utf-8')).toBeNull();
    expect(encodingTrouble('utf-16le')).toContain('iconv -f UTF-16LE -t UTF-8');
  });
});

describe('the head of a file', () => {
  it('is whole lines and the piece that was cut', async () => {
    const file = source('a', Buffer.from('a\n\nbc\ndef'));
    expect(await readHead(file, 6)).toMatchObject({ lines: ['a', 'bc'], cut: '' });
    expect(await readHead(file, 8)).toMatchObject({ lines: ['a', 'bc'], cut: 'de' });
    expect(await readHead(file)).toMatchObject({ lines: ['a', 'bc', 'def'], cut: null });
  });

  it('reads 64 KB of a large file, and one byte to know that it goes on', async () => {
    const file = source('a', Buffer.alloc(1_000_000, 'a'));
    await readHead(file);
    expect(file.furthest()).toBe(65_537);
  });
});

describe('the title of a prompt', () => {
  it('is the last user message of a transcript without its image marks', () => {
    expect(
      promptTitle('system\nYou help.\nuser\nFirst\nassistant\nx\nuser\n<image>\nWhere is\n the  cat?\nassistant\n'),
    ).toBe('Where is the cat?');
    expect(promptTitle('<image>Where?')).toBe('Where?');
  });

  it('is cut to one line', () => {
    const title = promptTitle('a'.repeat(500));
    expect(title).toHaveLength(256);
    expect(title.endsWith('…')).toBe(true);
  });
});
