import { describe, expect, test } from 'vitest';
import { imageMime } from '../../../src/host/editors/imageMime';
import { messagePage } from '../../../src/host/editors/messagePage';
import { rolloutsParams } from '../../../src/host/editors/schemas';
import { validated } from '../../../src/host/editors/validated';
import type { Handlers } from '../../../src/protocol/channel';
import type { RolloutsHostMethods } from '../../../src/protocol/rollouts';

describe('the page that says why nothing is shown', () => {
  test('takes a file name for text, whatever it holds', () => {
    const page = messagePage('<img src=x>', `"a" & 'b'`, [{ label: 'Open <b>', command: 'saccade.openAsText' }]);
    expect(page).not.toContain('<img');
    expect(page).not.toContain('<b>');
    expect(page).toContain('&#60;img src=x&#62;');
    expect(page).toContain('href="command:saccade.openAsText"');
  });

  test('runs no script and loads nothing', () => {
    expect(messagePage('a', 'b', [])).toContain(`content="default-src 'none'"`);
  });
});

describe('what a webview sends', () => {
  const { signal } = new AbortController();
  const asked: unknown[] = [];
  const record = (params: unknown) => {
    asked.push(params);
    return null as never;
  };
  const handlers = validated(
    rolloutsParams,
    Object.fromEntries(
      Object.keys(rolloutsParams).map((method) => [method, record]),
    ) as unknown as Handlers<RolloutsHostMethods>,
  );
  const call = (method: keyof RolloutsHostMethods, params: unknown) => () => handlers[method](params as never, signal);

  test('reaches its handler when it has the right shape', () => {
    call('trace/groups', { start: 0, count: 50, view: null })();
    expect(asked.at(-1)).toEqual({ start: 0, count: 50, view: null });
  });

  test.each<[keyof RolloutsHostMethods, unknown]>([
    ['trace/groups', { start: -1, count: 1, view: null }],
    ['trace/groups', { start: 0, count: 1e9 }],
    ['trace/groups', undefined],
    ['trace/group', { group: 0.5 }],
    ['trace/rollout', { row: '0' }],
    ['image/preview', { group: 0, maxSide: 1e6 }],
    ['image/region', { group: 0, maxSide: 100, box: { x1: Number.NaN, y1: 0, x2: 1, y2: 1 } }],
    ['image/view', { row: 0, observation: -1, box: null, maxSide: 100 }],
    ['image/mend', { group: 0, how: 'rm', candidate: null }],
    [
      'editor/intent',
      {
        intent: {
          kind: 'setFrame',
          choice: { dataSource: null, field: 'prediction', spec: null, origin: 'format', reason: '' },
        },
      },
    ],
    [
      'editor/intent',
      {
        intent: {
          kind: 'setFrame',
          choice: {
            dataSource: null,
            field: 'prediction',
            spec: { kind: 'input', resize: { factor: 28, minPixels: 100, maxPixels: 10, before: null } },
            origin: 'user',
            reason: '',
          },
        },
      },
    ],
    ['editor/copy', { text: 7 }],
  ])('is refused by %s when it is %j', (method, params) => {
    const before = asked.length;
    expect(call(method, params)).toThrow(method);
    expect(asked).toHaveLength(before);
  });
});

describe('an image that the webview is to decode', () => {
  test.each([
    ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]],
    ['image/jpeg', [0xff, 0xd8, 0xff, 0xe0]],
    ['image/webp', [...Buffer.from('RIFF1234WEBPVP8 ')]],
    ['image/avif', [0, 0, 0, 0x20, ...Buffer.from('ftypavif')]],
  ])('is %s by its first bytes', (mime, bytes) => {
    expect(imageMime(Uint8Array.from(bytes))).toBe(mime);
  });

  test.each([[[]], [[0x89, 0x50]], [[...Buffer.from('<svg onload=alert(1)>')]], [[...Buffer.from('II*\0')]]])(
    'is refused when its first bytes are %j',
    (bytes) => {
      expect(imageMime(Uint8Array.from(bytes))).toBeNull();
    },
  );
});
