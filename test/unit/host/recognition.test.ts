import { describe, expect, test } from 'vitest';
import { statusText } from '../../../src/host/statusText';
import { mayBeTrace } from '../../../src/host/traceName';
import type { TraceProgress } from '../../../src/protocol/data';

describe('files worth asking the data process about', () => {
  test.each(['/run/1.jsonl', '/out/json/cat-cup_mid.json', '/vstar/relative_position/sa_1.json', '/run/A.JSONL'])(
    '%s is',
    (path) => {
      expect(mayBeTrace({ scheme: 'file', path })).toBe(true);
    },
  );

  test.each([
    '/a/package.json',
    '/a/tsconfig.base.json',
    '/a/.vscode/x.json',
    '/a/node_modules/b/c.json',
    '/a/.eslintrc.json',
    '/a/b.py',
  ])('%s is not', (path) => {
    expect(mayBeTrace({ scheme: 'file', path })).toBe(false);
  });

  test('a version from source control is not', () => {
    expect(mayBeTrace({ scheme: 'git', path: '/run/1.jsonl' })).toBe(false);
  });
});

describe('the status bar', () => {
  const base: TraceProgress = {
    traceId: 1,
    done: true,
    bytesRead: 10,
    bytesTotal: 10,
    rollouts: 12345,
    samples: 0,
    measured: 0,
    groups: 1,
    problems: 0,
    sizesFrom: 0,
    sizes: new Uint32Array(0),
  };

  test('counts rollouts once the trace is read', () => {
    expect(statusText(base)).toEqual({ text: '$(eye) 12,345 rollouts', spoken: '12,345 rollouts in 1 group' });
  });

  test('counts samples where there is nothing else', () => {
    expect(statusText({ ...base, rollouts: 3, samples: 3 }).text).toBe('$(eye) 3 samples');
  });

  test('tells how far the scan is, and never 100 % before it is done', () => {
    expect(statusText({ ...base, done: false, rollouts: 1 }).text).toBe('$(sync~spin) 99 % · 1 rollout');
    expect(statusText({ ...base, done: false, bytesTotal: 0 }).spoken).toContain('0 % read');
  });

  test('tells problems in words too, not by an icon alone', () => {
    const { text, spoken } = statusText({ ...base, problems: 3 });
    expect(text).toContain('$(warning) 3');
    expect(spoken).toContain('3 problems');
  });
});
