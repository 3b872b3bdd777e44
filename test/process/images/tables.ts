import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { RolloutRecord } from '../../../src/core/trajectory/rollout';

/** A DuckDB of its own that writes the datasets a test reads. */
export async function writeTables(...statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}

export async function temporaryFolder(): Promise<{ readonly path: string; [Symbol.asyncDispose](): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'saccade-images-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A logged row as a verl dump holds it, with what a test cares about. */
export function record(fields: Partial<RolloutRecord>): RolloutRecord {
  return {
    kind: 'rollout',
    step: 1,
    uid: null,
    dataSource: null,
    prompt: '',
    response: '',
    groundTruth: null,
    truthBoxes: [],
    reward: 0,
    fields: [],
    imageName: null,
    loggedImageSize: null,
    inputSize: null,
    statedFrames: {},
    taskBoxes: [],
    cropOutputs: [],
    options: [],
    ...fields,
  };
}

/** A prompt as verl's decoded chat template leaves it: bare role lines, no image mark. */
export const verlPrompt = (question: string) => `system\nYou are a helpful assistant.\nuser\n${question}\nassistant\n`;

/** The smallest PNG file, with a number in a text chunk's place so that every image has its own bytes. */
export const png = (id: number) => `'\\x89PNG\\x0D\\x0A\\x1A\\x0A-${id}'::BLOB`;

/** Bytes this process asked the system for, from files of any kind; 0 where the system does not count them. */
export function bytesRead(): number {
  if (!existsSync('/proc/self/io')) return 0;
  return Number(/rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? 0);
}
