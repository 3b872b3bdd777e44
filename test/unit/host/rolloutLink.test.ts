import { describe, expect, it } from 'vitest';
import { linkText, readLink } from '../../../src/host/links/rolloutLink';

/** A URI as VS Code hands it to an extension: path and query decoded once. */
function opened(text: string): { readonly path: string; readonly query: string } {
  const { pathname, search } = new URL(text);
  return { path: decodeURIComponent(pathname), query: decodeURIComponent(search.slice(1)) };
}

const link = { trace: '/data/run 1/dumps', file: '30.jsonl', line: 5, key: 'aZ_-9', host: 'node7' };

describe('a link to a rollout', () => {
  it('can be read by people, and leads to what it was made of', () => {
    const text = linkText('vscode', 'saccade.saccade', link);
    expect(text).toBe('vscode://saccade.saccade/rollout/data/run%201/dumps?file=30.jsonl&line=5&key=aZ_-9&on=node7');
    expect(readLink(opened(text))).toEqual(link);
  });

  it('holds whatever names hold', () => {
    for (const file of ['a&b=c.jsonl', '50%/x y#1?.jsonl', 'Größe/日本 %20.jsonl', "it's+1.jsonl"]) {
      const odd = { ...link, trace: `/data/${file}`, file };
      expect(readLink(opened(linkText('vscode', 'saccade.saccade', odd)))).toEqual(odd);
    }
    const windows = { ...link, trace: 'c:\\runs\\1', host: '' };
    expect(readLink(opened(linkText('vscode', 'saccade.saccade', windows)))).toEqual({
      ...windows,
      trace: 'c:/runs/1',
    });
  });

  it('is refused where it is not one of ours, or hides where it leads', () => {
    const query = 'file=30.jsonl&line=5&key=k';
    expect(readLink({ path: '/rollout/data/run', query })).toMatchObject({ trace: '/data/run', host: '' });
    for (const path of [
      '/other/data',
      '/rollout',
      '/rollout//server/share',
      '/rollout/\\\\server\\share',
      '/rollout/data/../etc/passwd',
      '/rollout/data/./x',
      '/rollout/data\0x',
      '/rollout/data\nx',
      '/rollout/data/\u202Elnosj',
      `/rollout/${'x'.repeat(5000)}`,
    ])
      expect(readLink({ path, query }), JSON.stringify(path)).toBeNull();
    for (const wrong of [
      '',
      'file=a&line=5',
      'key=k&line=5',
      'file=a&key=k',
      'file=a&key=k&line=0',
      'file=a&key=k&line=x',
      `file=a&line=1&key=${'k'.repeat(200)}`,
    ])
      expect(readLink({ path: '/rollout/data/run', query: wrong }), wrong).toBeNull();
  });
});
