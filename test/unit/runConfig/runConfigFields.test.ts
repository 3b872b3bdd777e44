import { describe, expect, it } from 'vitest';
import { readHydraCwd, readRunConfig } from '../../../src/formats/runConfig/runConfigFields';

describe("a run's own configuration", () => {
  it('names the tool that cuts crops, where verl or DeepEyes’ fork says', () => {
    const read = (rollout: string) =>
      readRunConfig(`data: {train_files: a.parquet}\nactor_rollout_ref:\n  rollout: ${rollout}\n`, 'config.yaml')?.tool;
    expect(read('{multi_turn: {tool_config_path: recipe/deepeyes/configs/image_zoom_in_tool_config.yaml}}')).toBe(
      'verl',
    );
    expect(read('{multi_turn: {tool_config_path: search.yaml}}')).toBeUndefined();
    expect(read('{agent: {activate_agent: true, tool_name_key: env_name}}')).toBe('deepeyes');
    expect(read('{agent: {activate_agent: false}}')).toBeUndefined();
  });

  it('verl, as Hydra saves it: references unresolved', () => {
    const text = `
data:
  train_files: \${oc.env:HOME,/x}/a.parquet
  val_files:
  - \${trainer.project_name}/val.parquet
  - other.parquet
  prompt_key: prompt
  image_key: pictures
  max_pixels: 1003520
actor_rollout_ref:
  rollout:
    n: \${oc.select:missing.key,8}
    val_kwargs: {n: 2}
algorithm:
  adv_estimator: grpo
trainer:
  project_name: zoom
  rollout_data_dir: dumps/train
  validation_data_dir: dumps/\${trainer.project_name}
`;
    expect(readRunConfig(text, 'config.yaml')).toEqual({
      trainer: 'verl',
      trainFiles: [],
      validationFiles: ['zoom/val.parquet', 'other.parquet'],
      promptKey: 'prompt',
      imageKey: 'pictures',
      imageDir: null,
      model: null,
      groupSize: 8,
      validationGroupSize: 2,
      advantageEstimator: 'grpo',
      minPixels: null,
      maxPixels: 1003520,
      rolloutDir: 'dumps/train',
      validationDir: 'dumps/zoom',
    });
  });

  it('verl and EasyR1 without a dataset: what else they say counts', () => {
    const verl = { actor_rollout_ref: { model: { path: 'Qwen/Qwen2.5-VL-7B-Instruct' }, rollout: { n: 8 } } };
    expect(readRunConfig(JSON.stringify(verl), 'config.json')).toMatchObject({
      trainer: 'verl',
      trainFiles: [],
      model: 'Qwen/Qwen2.5-VL-7B-Instruct',
      groupSize: 8,
    });
    const easy = { worker: { rollout: { n: 5 } }, data: { max_pixels: 4194304 } };
    expect(readRunConfig(JSON.stringify(easy), 'experiment_config.json')).toMatchObject({
      trainer: 'easyr1',
      trainFiles: [],
      groupSize: 5,
      maxPixels: 4194304,
    });
  });

  it('EasyR1, with the split after the path', () => {
    const text = JSON.stringify({
      data: {
        train_files: '/data/user@host/train.parquet@train',
        val_files: 'hiyouga/geometry3k@test[:100]',
        prompt_key: 'problem',
        image_key: 'images',
        image_dir: '/data/images',
        min_pixels: 262144,
        max_pixels: 4194304,
      },
      worker: { rollout: { n: 5 } },
      algorithm: { adv_estimator: 'grpo', kl_coef: 0.01 },
    });
    expect(readRunConfig(text, 'experiment_config.json')).toMatchObject({
      trainer: 'easyr1',
      trainFiles: ['/data/user@host/train.parquet'],
      validationFiles: ['hiyouga/geometry3k'],
      promptKey: 'problem',
      imageDir: '/data/images',
      groupSize: 5,
      advantageEstimator: 'grpo',
      minPixels: 262144,
      maxPixels: 4194304,
    });
  });

  it('ms-swift, with sample counts after the paths and Python numbers in the JSON', () => {
    const text = `{"model_type": "qwen2_5_vl", "rlhf_type": "grpo", "dataset": ["data/train.jsonl#1000", "HF::me/set"],
      "val_dataset": [], "num_generations": 8, "max_pixels": null, "beta": NaN}`;
    expect(readRunConfig(text, 'args.json')).toMatchObject({
      trainer: 'ms-swift',
      trainFiles: ['data/train.jsonl', 'me/set'],
      promptKey: 'messages',
      groupSize: 8,
      maxPixels: null,
    });
  });

  it('wandb, with values under `value`, whichever trainer logged them', () => {
    const text = `
wandb_version: 1
_wandb: {desc: null, value: {cli_version: 0.19.1}}
data: {desc: null, value: {train_files: "['a.parquet', 'b.parquet']", image_key: images}}
actor_rollout_ref: {value: {rollout: {n: 16}}}
`;
    expect(readRunConfig(text, 'config.yaml')).toMatchObject({
      trainer: 'verl',
      trainFiles: ['a.parquet', 'b.parquet'],
      groupSize: 16,
    });
    const flat = 'wandb_version: 1\ndata/train_files: {value: x.parquet}\nworker/rollout/n: {value: 4}\n';
    expect(readRunConfig(flat, 'config.yaml')).toMatchObject({ trainFiles: ['x.parquet'], groupSize: 4 });
  });

  it('is not claimed for the configuration of something else', () => {
    expect(readRunConfig('model: resnet\nlr: 0.1\n', 'config.yaml')).toBeNull();
  });

  it("tells where Hydra was started, which the run's relative paths count from", () => {
    expect(readHydraCwd('hydra:\n  runtime:\n    cwd: /home/me/verl\n', 'hydra.yaml')).toBe('/home/me/verl');
  });
});

describe('text that is no configuration', () => {
  it('an alias bomb is refused', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(10).fill(`*l${i}`).join(', ')}]`,
    );
    const bomb = `l0: &l0 [x, x]\n${levels.join('\n')}\n`;
    expect(() => readRunConfig(bomb, 'config.yaml')).toThrow(/^config\.yaml: .*alias/i);
  });

  it('names file and line of broken YAML', () => {
    expect(() => readRunConfig('data:\n  a: [1, 2\nb: "x\n', 'run/config.yaml')).toThrow(
      /^run\/config\.yaml, line \d: /,
    );
  });

  it('deep nesting, lists and plain words are refused', () => {
    expect(() => readRunConfig('['.repeat(200_000), 'args.json')).toThrow(/^args\.json/);
    expect(() => readRunConfig('- a\n- b\n', 'args.json')).toThrow(/not a configuration/);
    expect(() => readRunConfig('hello', 'args.json')).toThrow(/not a configuration/);
  });

  it('references that lead in a circle end', () => {
    const text = `data: {train_files: "\${data.val_files}", val_files: "\${data.train_files}"}\nactor_rollout_ref: {}\n`;
    expect(readRunConfig(text, 'config.yaml')).toMatchObject({ trainFiles: [], validationFiles: [] });
  });

  it('a tag builds nothing: its plain value stays', () => {
    const text = 'data: {train_files: !!python/tuple [a.parquet]}\nworker: !!python/object/apply:os.system [ls]\n';
    expect(readRunConfig(text, 'config.yaml')).toMatchObject({ trainFiles: ['a.parquet'] });
  });
});
