import type { RewardComponent } from '../../core/reward/component';
import type { JsonValue } from '../../core/text/jsonValue';
import type { ToolRulesId } from '../../core/trajectory/tools/toolRules';
import { type ConfigTree, countAt, readConfigTree, stringAt, stringsAt, valueAt } from './configTree';

/** What a run's configuration says about its data; paths as written, nothing looked up on disk. Null: not stated. */
export interface RunConfigFields {
  readonly trainer: 'verl' | 'easyr1' | 'ms-swift' | 'trl';
  readonly trainFiles: readonly string[];
  readonly validationFiles: readonly string[];
  readonly promptKey: string;
  readonly imageKey: string;
  readonly imageDir: string | null;
  /** Name or path of the trained model. */
  readonly model: string | null;
  /** Rollouts per training prompt. */
  readonly groupSize: number | null;
  /** Rollouts per validation prompt, where it differs by name (`val_kwargs.n`). */
  readonly validationGroupSize: number | null;
  readonly advantageEstimator: string | null;
  readonly minPixels: number | null;
  readonly maxPixels: number | null;
  /** Where the run writes its dumps, as written: tells its folders among several runs, and validation from training. */
  readonly rolloutDir: string | null;
  readonly validationDir: string | null;
  /** Reward functions by the names the run was started with; absent where the config lists none. */
  readonly rewardFunctions?: readonly RewardComponent[];
  /** Whose tool cuts the run's crops; absent where the config does not say. */
  readonly tool?: ToolRulesId;
}

/**
 * Reads a run's configuration from the text of a Hydra `.hydra/config.yaml` (verl), EasyR1 `experiment_config.json`,
 * ms-swift `args.json` or wandb `config.yaml` (values nested under `value`; TRL leaves no other). The trainer is told by the keys, since
 * wandb logs any of them. Null when the text is a configuration of something else; throws `UserError` for broken text.
 */
export function readRunConfig(text: string, file: string): RunConfigFields | null {
  const tree = unwrapWandb(readConfigTree(text, file));
  if (isVerl(tree)) return fromVerl(tree);
  if (isEasyR1(tree)) return fromEasyR1(tree);
  if (isMsSwift(tree)) return fromMsSwift(tree);
  if (isTrl(tree)) return fromTrl(tree);
  return null;
}

/** Where Hydra was started, from the text of `.hydra/hydra.yaml`: relative paths of the run count from there. */
export function readHydraCwd(text: string, file: string): string | null {
  return stringAt(readConfigTree(text, file), 'hydra.runtime.cwd');
}

/** wandb writes `key: {desc, value}` at the top level, beside its own `_wandb` and `wandb_version`. */
function unwrapWandb(tree: ConfigTree): ConfigTree {
  if (!Object.hasOwn(tree, '_wandb') && !Object.hasOwn(tree, 'wandb_version')) return tree;
  const unwrapped: Record<string, JsonValue> = Object.create(null);
  for (const [key, entry] of Object.entries(tree)) {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry) || !Object.hasOwn(entry, 'value')) continue;
    unwrapped[key] = (entry as ConfigTree).value ?? null;
  }
  return unwrapped;
}

/** A run of verl may leave its data sets to other code: model, group size and tool are told all the same. */
const isVerl = (tree: ConfigTree) =>
  ['actor_rollout_ref', 'actor_rollout_ref.rollout.n', 'actor_rollout_ref.model.path'].some(
    (key) => valueAt(tree, key) !== undefined,
  );

const isEasyR1 = (tree: ConfigTree) =>
  ['data.train_files', 'worker.rollout.n', 'worker.actor.model.model_path'].some(
    (key) => valueAt(tree, key) !== undefined,
  );

const isMsSwift = (tree: ConfigTree) =>
  valueAt(tree, 'dataset') !== undefined &&
  ['num_generations', 'rlhf_type', 'model_type', 'val_dataset'].some((key) => valueAt(tree, key) !== undefined);

const isTrl = (tree: ConfigTree) =>
  valueAt(tree, 'num_generations') !== undefined &&
  ['reward_funcs', 'reward_weights', 'max_completion_length'].some((key) => valueAt(tree, key) !== undefined);

function fromVerl(tree: ConfigTree): RunConfigFields {
  return {
    trainer: 'verl',
    ...dataFields(tree),
    model: stringAt(tree, 'actor_rollout_ref.model.path'),
    groupSize: countAt(tree, 'actor_rollout_ref.rollout.n'),
    validationGroupSize: countAt(tree, 'actor_rollout_ref.rollout.val_kwargs.n'),
    rolloutDir: stringAt(tree, 'trainer.rollout_data_dir'),
    validationDir: stringAt(tree, 'trainer.validation_data_dir'),
    ...toolOf(tree),
  };
}

/** verl names the file that describes its tools; DeepEyes' fork switches its own environments on. */
function toolOf(tree: ConfigTree): Pick<RunConfigFields, 'tool'> {
  const described = stringAt(tree, 'actor_rollout_ref.rollout.multi_turn.tool_config_path') ?? '';
  if (/image_zoom_in_tool/.test(described)) return { tool: 'verl' };
  return valueAt(tree, 'actor_rollout_ref.rollout.agent.activate_agent') === true ? { tool: 'deepeyes' } : {};
}

/** EasyR1 names the split after the path: `data/train.parquet@train`. */
const withoutSplit = (path: string) => path.replace(/@[\w.[\]%:-]+$/, '');

function fromEasyR1(tree: ConfigTree): RunConfigFields {
  const data = dataFields(tree);
  return {
    trainer: 'easyr1',
    ...data,
    trainFiles: data.trainFiles.map(withoutSplit),
    validationFiles: data.validationFiles.map(withoutSplit),
    model: stringAt(tree, 'worker.actor.model.model_path'),
    groupSize: countAt(tree, 'worker.rollout.n'),
    validationGroupSize: countAt(tree, 'worker.rollout.val_override_config.n'),
    rolloutDir: null,
    validationDir: null,
  };
}

/** The `data` and `algorithm` sections that verl and EasyR1 share. */
function dataFields(tree: ConfigTree) {
  return {
    trainFiles: stringsAt(tree, 'data.train_files'),
    validationFiles: stringsAt(tree, 'data.val_files'),
    promptKey: stringAt(tree, 'data.prompt_key') ?? 'prompt',
    imageKey: stringAt(tree, 'data.image_key') ?? 'images',
    imageDir: stringAt(tree, 'data.image_dir'),
    advantageEstimator: stringAt(tree, 'algorithm.adv_estimator'),
    minPixels: countAt(tree, 'data.min_pixels', 'data.mm_processor_kwargs.min_pixels'),
    maxPixels: countAt(tree, 'data.max_pixels', 'data.mm_processor_kwargs.max_pixels'),
  };
}

/** Datasets are given as `path#sampleCount`, and hub ids as `HF::owner/name:subset`. */
const swiftPath = (name: string) => name.replace(/^(?:HF|MS)::/, '').replace(/#\d+$/, '');

function fromMsSwift(tree: ConfigTree): RunConfigFields {
  return {
    trainer: 'ms-swift',
    trainFiles: stringsAt(tree, 'dataset').map(swiftPath),
    validationFiles: stringsAt(tree, 'val_dataset').map(swiftPath),
    promptKey: 'messages',
    imageKey: 'images',
    imageDir: null,
    model: stringAt(tree, 'model', 'model_type'),
    groupSize: countAt(tree, 'num_generations'),
    validationGroupSize: null,
    advantageEstimator: stringAt(tree, 'advantage_estimator', 'rlhf_type'),
    minPixels: countAt(tree, 'min_pixels', 'model_kwargs.min_pixels'),
    maxPixels: countAt(tree, 'max_pixels', 'model_kwargs.max_pixels'),
    rolloutDir: null,
    validationDir: null,
    ...rewardFunctions(tree),
  };
}

/** TRL's own arguments, and those of its scripts where wandb has them too. */
function fromTrl(tree: ConfigTree): RunConfigFields {
  return {
    trainer: 'trl',
    trainFiles: [],
    validationFiles: [],
    promptKey: 'prompt',
    imageKey: 'image',
    imageDir: null,
    model: stringAt(tree, 'model_name_or_path', '_name_or_path'),
    groupSize: countAt(tree, 'num_generations'),
    validationGroupSize: countAt(tree, 'num_generations_eval'),
    advantageEstimator: null,
    minPixels: countAt(tree, 'min_pixels'),
    maxPixels: countAt(tree, 'max_pixels'),
    rolloutDir: null,
    validationDir: null,
    ...rewardFunctions(tree),
  };
}

/** `reward_funcs` and, in step with it, `reward_weights`; without weights nobody said any. */
function rewardFunctions(tree: ConfigTree): Pick<RunConfigFields, 'rewardFunctions'> {
  const names = stringsAt(tree, 'reward_funcs');
  const weights = valueAt(tree, 'reward_weights');
  const list = Array.isArray(weights) && weights.length === names.length ? (weights as readonly JsonValue[]) : [];
  const functions = names.map((name, i): RewardComponent => {
    const weight = list[i];
    return { name, weight: typeof weight === 'number' ? weight : null };
  });
  return functions.length === 0 ? {} : { rewardFunctions: functions };
}
