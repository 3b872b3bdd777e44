import type { RewardComponent } from './component';

/** ms-swift registers a reward function under one name and logs its class; these are its own (`swift/plugin/orm.py`). */
const swiftClasses: Readonly<Record<string, string>> = {
  accuracy: 'MathAccuracy',
  format: 'Format',
  react_format: 'ReActFormat',
  cosine: 'CosineReward',
  repetition: 'RepetitionPenalty',
  soft_overlong: 'SoftOverlong',
  toolbench: 'ReactORM',
  math: 'MathORM',
};

/**
 * Columns of a log that are the reward functions a config names, with its weights. TRL logs a function under its own name
 * (`accuracy_reward` for open-r1's `accuracy`), ms-swift under its class's. A function whose column cannot be told by
 * name is left out: no column is named a component by its place.
 */
export function namedComponents(
  columns: readonly string[],
  functions: readonly RewardComponent[],
): readonly RewardComponent[] {
  return functions.flatMap(({ name, weight }) => {
    const own = Object.hasOwn(swiftClasses, name) ? swiftClasses[name] : undefined;
    const column =
      columns.find((of) => of === name) ??
      columns.find((of) => of === own) ??
      columns.find((of) => plain(of) === plain(name));
    return column === undefined ? [] : [{ name: column, weight }];
  });
}

function plain(name: string): string {
  const letters = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return letters.replace(/^external/, '').replace(/(?:rewardfunction|rewardfunc|reward|orm)$/, '') || letters;
}
