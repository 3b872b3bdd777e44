import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toWireBytes } from '../../../src/protocol/wireBytes';

it('a Buffer becomes a plain Uint8Array of its own bytes', () => {
  const bytes = toWireBytes(Buffer.from('abc'));
  expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
  expect(bytes.buffer.byteLength).toBe(3);
});

it('a view into a large buffer travels alone', () => {
  const large = new Uint8Array(1 << 20);
  large.set([1, 2, 3], 1000);
  const bytes = toWireBytes(large.subarray(1000, 1003));
  expect([...bytes]).toEqual([1, 2, 3]);
  expect(bytes.buffer.byteLength).toBe(3);
  expect(structuredClone(bytes).buffer.byteLength).toBe(3);
});

it('is a copy: what the sender does to its buffer later does not reach it', () => {
  const original = Buffer.from([1, 2]);
  const bytes = toWireBytes(original);
  original[0] = 9;
  expect([...bytes]).toEqual([1, 2]);
});

it('crosses the IPC of a child unchanged, with NaN and empty arrays beside it', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'saccade-ipc-'));
  const echo = join(dir, 'echo.cjs');
  await writeFile(echo, "process.on('message', (m) => process.send({ ...m, kind: m.bytes.constructor.name }))");
  const child = fork(echo, [], { serialization: 'advanced', execArgv: [] });
  try {
    const sent = toWireBytes(Buffer.from([0, 255, 128, 10]));
    child.send({ bytes: sent, empty: new Uint8Array(), reward: Number.NaN });
    const [back] = (await once(child, 'message')) as [
      { bytes: Uint8Array; empty: Uint8Array; reward: number; kind: string },
    ];
    expect(back.kind).toBe('Uint8Array');
    expect(Object.getPrototypeOf(back.bytes)).toBe(Uint8Array.prototype);
    expect([...back.bytes]).toEqual([0, 255, 128, 10]);
    expect(back.empty.length).toBe(0);
    expect(back.reward).toBeNaN();
  } finally {
    child.kill();
    await rm(dir, { recursive: true, force: true });
  }
});
