import { expect, it } from 'vitest';
import type * as vscode from 'vscode';
import type { ImageSetLink } from '../../../src/host/editors/dataset/imageSetLink';
import { ScoreMemory } from '../../../src/host/editors/dataset/scores/scoreMemory';
import { SetImports } from '../../../src/host/editors/dataset/scores/setImports';
import type { ScoreSource } from '../../../src/protocol/imageSetScores';

const source = (path: string, value = 'score'): ScoreSource => ({
  path,
  key: { column: 'file', rule: 'name' },
  value,
  kind: 'number',
});

/** A workspace's state, and a data child that opens a set anew when it is told to. */
function surroundings(kept: unknown = undefined) {
  const state = new Map<string, unknown>([['saccade.imageScores', kept]]);
  const memento = {
    get: (key: string) => state.get(key),
    update: async (key: string, value: unknown) => void state.set(key, JSON.parse(JSON.stringify(value))),
  } as unknown as vscode.Memento;
  const asked: string[] = [];
  const failed: string[] = [];
  const child = { openings: 1, missing: new Set<string>() };
  const link = {
    get openings() {
      return child.openings;
    },
    // A data child that was started anew counts sets from one again.
    whenOpen: async () => ({ setId: 1 }),
    ask: async (method: string, params: { readonly source: ScoreSource }) => {
      asked.push(`${child.openings} ${method} ${params.source.path ?? JSON.stringify(params.source)}`);
      if (child.missing.has(params.source.path)) throw new Error('gone');
      return { name: params.source.value };
    },
  } as unknown as ImageSetLink;
  const imports = () =>
    new SetImports('/set.json', link, new ScoreMemory(memento), (one) => {
      failed.push(one.path);
      // A message that nobody answers.
      return new Promise(() => undefined);
    });
  return { imports, asked, failed, child, memory: new ScoreMemory(memento) };
}

const signal = new AbortController().signal;

it('what was imported is read again whenever the set is opened anew, once', async () => {
  const { imports, asked, failed, child, memory } = surroundings();
  const first = imports();
  await first.add(source('/a.csv'), signal);
  await first.add(source('/b.csv'), signal);
  await first.add(source('/a.csv'), signal);
  await first.setDifficulty({ by: 'quartiles', column: 'score', hardest: 'lowest' });
  expect(memory.get('/set.json').sources.map(({ path }) => path)).toEqual(['/b.csv', '/a.csv']);
  asked.length = 0;
  await Promise.all([first.settled(), first.settled()]);
  expect(asked).toEqual([]);
  child.openings = 2;
  child.missing.add('/b.csv');
  await Promise.all([first.settled(), first.settled()]);
  expect(asked).toEqual([
    '2 imageset/importScores /b.csv',
    '2 imageset/importScores /a.csv',
    '2 imageset/difficulty {"by":"quartiles","column":"score","hardest":"lowest"}',
  ]);
  expect(failed).toEqual(['/b.csv']);
  await first.forget(source('/b.csv'));
  expect(memory.get('/set.json').sources).toEqual([source('/a.csv')]);
  expect(memory.get('/other.json').sources).toEqual([]);
});

it('a state that another version wrote is no import', async () => {
  const { imports, asked } = surroundings([['/set.json', { sources: [{ path: 7 }] }], 'nonsense']);
  await imports().settled();
  expect(asked).toEqual([]);
});
