import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { discoverConfig } from '../../../src/data/process/images/configDiscovery';
import { findDatasets } from '../../../src/data/process/images/datasetPaths';
import { createImageResolver } from '../../../src/data/process/images/resolver';
import { temporaryFolder } from './tables';

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}

const verl = (file: string, more = '') =>
  `data: {train_files: ${file}}\nactor_rollout_ref: {rollout: {n: 4, val_kwargs: {n: 2}}}\n${more}`;

describe("the run's configuration near a trace", () => {
  it('of several Hydra runs, the one that says it wrote this folder', async () => {
    await using folder = await temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    await write({
      [at('outputs/2026-01-01/10-00-00/.hydra/config.yaml')]: verl(
        'old.parquet',
        'trainer: {rollout_data_dir: /scratch/exp7/train}',
      ),
      [at('outputs/2026-02-01/10-00-00/.hydra/config.yaml')]: verl(
        'new.parquet',
        'trainer: {rollout_data_dir: /scratch/exp8/train}',
      ),
      [at('exp7/train/1.jsonl')]: '',
      [at('exp9/train/1.jsonl')]: '',
    });
    expect((await discoverConfig(at('exp7/train/1.jsonl'))).config?.fields.trainFiles).toEqual(['old.parquet']);
    expect((await discoverConfig(at('exp9/train'))).config?.fields.trainFiles).toEqual(['new.parquet']);
  });

  it('of several wandb runs, the newest', async () => {
    await using folder = await temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    const wandb = (file: string) =>
      `_wandb: {value: {}}\ndata: {value: {train_files: ${file}}}\nworker: {value: {rollout: {n: 5}}}\n`;
    await write({
      [at('wandb/run-20260101_000000-zz/files/config.yaml')]: wandb('old.parquet'),
      [at('wandb/offline-run-20260301_000000-aa/files/config.yaml')]: wandb('new.parquet'),
      [at('dumps/1.jsonl')]: '',
    });
    const { config } = await discoverConfig(at('dumps'));
    expect(config?.fields).toMatchObject({ trainer: 'easyr1', trainFiles: ['new.parquet'], groupSize: 5 });
  });

  it('a validation dump has the group size of validation', async () => {
    await using folder = await temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    await write({
      [at('.hydra/config.yaml')]: verl(
        'a.parquet',
        'trainer: {rollout_data_dir: run/train, validation_data_dir: run/val}',
      ),
      [at('run/train/1.jsonl')]: '',
      [at('run/val/1.jsonl')]: '',
    });
    for (const [name, groupSize] of [
      ['train', 4],
      ['val', 2],
    ] as const) {
      const resolver = await createImageResolver({
        tracePath: at(`run/${name}`),
        format: 'verl-dump',
        overrides: {},
        cacheDir: at('cache'),
      });
      expect(resolver.config).toMatchObject({ groupSize, source: at('.hydra/config.yaml') });
      await resolver.dispose();
    }
  });

  it('a broken one is a problem, and the search goes on', async () => {
    await using folder = await temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    await write({
      [at('run/dumps/args.json')]: '{"dataset": [',
      [at('run/experiment_config.json')]: '{"data": {"train_files": "a.parquet"}, "worker": {"rollout": {"n": 3}}}',
      [at('run/dumps/1.jsonl')]: '',
    });
    const { config, problems } = await discoverConfig(at('run/dumps/1.jsonl'));
    expect(config?.fields.groupSize).toBe(3);
    expect(problems).toEqual([expect.objectContaining({ file: at('run/dumps/args.json'), severity: 'warning' })]);
  });

  it('no configuration, no settings: no config', async () => {
    await using folder = await temporaryFolder();
    const resolver = await createImageResolver({
      tracePath: folder.path,
      format: 'verl-dump',
      overrides: {},
      cacheDir: folder.path,
    });
    expect(resolver.config).toBeNull();
    await resolver.dispose();
  });
});

describe('dataset files that a configuration names', () => {
  it('count from where Hydra was started; folders, patterns and files moved with the run are found', async () => {
    await using folder = await temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    await write({
      [at('repo/data/train.parquet')]: '',
      [at('repo/shards/part-0.parquet')]: '',
      [at('repo/shards/part-1.parquet')]: '',
      [at('repo/shards/readme.json')]: '{}',
      [at('run/data/val.parquet')]: '',
    });
    const places = { cwd: at('repo'), configDir: at('run/.hydra'), traceDir: at('run/dumps') };
    const names = ['data/train.parquet', 'shards', 'shards/part-*.parquet', '/gone/data/val.parquet', 'owner/on-a-hub'];
    const { found, missing } = await findDatasets(names, places);
    expect(found.map(({ path }) => path.slice(folder.path.length + 1))).toEqual([
      'repo/data/train.parquet',
      'repo/shards/part-0.parquet',
      'repo/shards/part-1.parquet',
      'repo/shards/part-0.parquet',
      'repo/shards/part-1.parquet',
      'run/data/val.parquet',
    ]);
    expect(found.at(-1)?.substitution).toBe(
      `/gone/data/val.parquet is not here; used ${at('run/data/val.parquet')} instead`,
    );
    expect(missing.map(({ name }) => name)).toEqual(['owner/on-a-hub']);
  });
});
