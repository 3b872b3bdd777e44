import { describeFrame } from '../src/core/geometry/frameMap';
import { traceFormats } from '../src/formats/detect';
import type { FormatId, TraceFormat } from '../src/formats/format';

/** What a format's files hold, and what is known to be missing in them. */
interface FormatFacts {
  /** Of boxes whose frame the writer does not fix. */
  readonly frame?: string;
  readonly groups: string;
  readonly images: string;
  readonly rewards: string;
  readonly advantages: 'not logged' | 'a field';
}

const unstated = 'not stated: config, evidence or you';
const noBoxes = 'no boxes';
const byPrompt = 'one prompt at one step';
const byPromptStepless = 'one prompt; no steps';
const single = 'one rollout each';
const joined = 'not in the log: joined';
const nothing = 'none';

const preference: FormatFacts = {
  groups: 'the sides of a pair',
  images: 'named, embedded or in a column',
  rewards: 'none: sides and labels',
  advantages: 'not logged',
};
const steps: FormatFacts = {
  frame: noBoxes,
  groups: byPromptStepless,
  images: nothing,
  rewards: 'none: a label a step',
  advantages: 'not logged',
};
const inspect: FormatFacts = {
  groups: 'epochs of a sample; no steps',
  images: 'in the log',
  rewards: 'scores as fields, no total',
  advantages: 'not logged',
};
const messages: FormatFacts = {
  groups: byPromptStepless,
  images: 'named or embedded',
  rewards: 'fields, no total',
  advantages: 'not logged',
};
const turns: FormatFacts = {
  ...messages,
  images: 'named; crops cut anew',
  rewards: 'fields, no total',
  advantages: 'not logged',
};

/** By format: a format that is not told here does not compile. */
export const formatFacts: Readonly<Record<FormatId, FormatFacts>> = {
  'verl-dump': {
    frame: `${unstated}; \`input_size\` and \`box_frame\` of the row win`,
    groups: `\`uid\`, else ${byPrompt}`,
    images: `${joined}, or named by an extra key`,
    rewards: '`score` is the total, other keys fields',
    advantages: 'not logged',
  },
  'policy-trace': {
    frame: 'each row states its own',
    groups: '`uid`',
    images: 'named',
    rewards: '`score` is the total, its components fields',
    advantages: 'a field',
  },
  'active-o3-demo': {
    groups: '`uid`, else one prompt; no steps',
    images: 'named',
    rewards: '`score` or `reward`, where logged',
    advantages: 'not logged',
  },
  vstar: { groups: 'samples, no rollouts', images: 'of the same name', rewards: nothing, advantages: 'not logged' },
  'r1v-log': {
    frame: unstated,
    groups: byPromptStepless,
    images: 'named (VLM-R1; may be the batch’s first), else none',
    rewards: 'one function a log, joined as fields',
    advantages: 'not logged',
  },
  'easyr1-generations': {
    groups: byPromptStepless,
    images: joined,
    rewards: '`score` is the total',
    advantages: 'not logged',
  },
  'pixel-reasoner': {
    frame: 'relative 0–1, or pixels of the logged input',
    groups: single,
    images: 'named; crops beside, frames of a video are not saved',
    rewards: 'joined from the samples’ file',
    advantages: 'not logged',
  },
  'pixel-reasoner-samples': {
    groups: byPromptStepless,
    images: joined,
    rewards: '`reward` is the total, parts are fields',
    advantages: 'not logged',
  },
  'deepeyes-eval': { ...turns, rewards: 'the judge’s verdict' },
  'chain-of-focus-eval': { ...turns, rewards: 'the judge’s verdict' },
  geovista: turns,
  'os-atlas': { groups: byPromptStepless, images: 'named', rewards: nothing, advantages: 'not logged' },
  'preference-pairs': preference,
  'preference-pairs-json': preference,
  'preference-pairs-table': preference,
  messages,
  'messages-json': messages,
  'swift-completions': {
    groups: byPrompt,
    images: joined,
    rewards: 'a field a function, no total but Ray’s',
    advantages: 'a field',
  },
  'mini-o3': {
    frame: 'relative 0–1, or pixels of `resized_image.jpg`',
    groups: byPromptStepless,
    images: 'beside the log',
    rewards: 'joined from `stats.json`',
    advantages: 'not logged',
  },
  'mini-o3-stats': {
    frame: unstated,
    groups: 'a question; no steps',
    images: 'beside the log, else joined',
    rewards: '`score` is the total, its parts fields',
    advantages: 'not logged',
  },
  segagent: {
    groups: single,
    images: 'named by number',
    rewards: 'none; IoU after each click',
    advantages: 'not logged',
  },
  'segagent-predictions': { groups: single, images: 'named', rewards: nothing, advantages: 'not logged' },
  'omni-r1': {
    frame: 'the resized image',
    groups: byPromptStepless,
    images: 'beside the log; frames of videos are not read',
    rewards: 'the total; its parts are fields',
    advantages: 'not logged',
  },
  'omni-r1-frames': {
    frame: 'ground truth: drawn on the frames',
    groups: 'a video and its question; no steps',
    images: 'the frames beside the log',
    rewards: 'IoU of each frame as a field',
    advantages: 'not logged',
  },
  longvt: {
    frame: noBoxes,
    groups: 'a question about a video; no steps',
    images: 'folders of frames beside the log',
    rewards: nothing,
    advantages: 'not logged',
  },
  'active-zero': {
    groups: 'ten answers to a question; no steps',
    images: 'none: only a number in the data set',
    rewards: '`overall` of validations; of others shares as fields, no total',
    advantages: 'not logged',
  },
  'rl-logging-board': {
    groups: byPrompt,
    images: joined,
    rewards: '`reward`, and one a token',
    advantages: 'not logged',
  },
  areal: { groups: 'a task at one step', images: joined, rewards: '`reward` is the total', advantages: 'not logged' },
  'skyrl-evals': {
    groups: `\`group_id\`, else ${byPrompt}`,
    images: joined,
    rewards: 'summed over tokens, as SkyRL does',
    advantages: 'not logged',
  },
  'trl-completions': {
    groups: byPrompt,
    images: joined,
    rewards: 'a field a function, no total',
    advantages: 'a field',
  },
  'inspect-eval': inspect,
  'inspect-json': inspect,
  'gui-odyssey': { groups: single, images: 'a screenshot a step', rewards: nothing, advantages: 'not logged' },
  'verl-validation': { groups: byPrompt, images: joined, rewards: '`score` is the total', advantages: 'not logged' },
  'wandb-table': {
    groups: 'one prompt; none in verl’s wide tables',
    images: 'cells of TRL’s tables',
    rewards: '`score` or `reward`, functions as fields',
    advantages: 'a field',
  },
  prm800k: steps,
  'trl-stepwise': steps,
  'trl-stepwise-table': steps,
  'verifiers-results': {
    groups: '`example_id`; no steps',
    images: 'inside the messages',
    rewards: '`reward` is the total, metrics fields',
    advantages: 'not logged',
  },
  'verifiers-traces': {
    groups: 'a task; no steps but in prime-rl’s folders',
    images: 'inside the messages',
    rewards: 'summed by weight, as verifiers does',
    advantages: 'not logged',
  },
  'rllm-episodes': {
    groups: 'a task at one step',
    images: 'inside the messages; taken out of the task',
    rewards: 'the trajectory’s, those of steps as fields',
    advantages: 'not logged',
  },
  'dataset-table': {
    groups: 'samples, or one prompt; no steps',
    images: 'the row’s own column',
    rewards: nothing,
    advantages: 'not logged',
  },
};

const marks = { begin: '<!-- formats: written by scripts/formatFacts.ts -->', end: '<!-- end of formats -->' } as const;
const fieldWords = { prediction: 'answers', tool: 'calls', groundTruth: 'truth' } as const;

/** What the writer fixes comes from the format itself, so that the table cannot say otherwise. */
function frameCell({ id, frames }: TraceFormat): string {
  const fixed = (Object.keys(fieldWords) as (keyof typeof fieldWords)[]).flatMap((field) => {
    const known = frames[field];
    // The numbers of a resize are in the editor.
    return known === undefined ? [] : [`${fieldWords[field]}: ${describeFrame(known.spec).replace(/ \(.*/, '')}`];
  });
  const rest = formatFacts[id].frame ?? (fixed.length > 0 ? null : unstated);
  return [...fixed, ...(rest === null ? [] : [rest])].join('; ');
}

/** The README's table of what each format holds; formats of one title are one row. */
function formatTable(): string {
  const rows = new Map(
    traceFormats.map((format) => {
      const { groups, images, rewards, advantages } = formatFacts[format.id];
      const title = format.title.replace(/ \(one JSON array\)$/, '');
      return [title, `| ${title} | ${frameCell(format)} | ${groups} | ${images} | ${rewards} | ${advantages} |`];
    }),
  );
  const head = '| format | frame of boxes | a group | images | rewards | advantages |\n|---|---|---|---|---|---|';
  return [head, ...[...rows.values()].sort()].join('\n');
}

/** The README with the table as it should be. Throws without its two marks. */
export function withFormatTable(readme: string): string {
  const [from, to] = [readme.indexOf(marks.begin), readme.indexOf(marks.end)];
  if (from < 0 || to < from) throw new Error('the README has no place for the table of formats');
  return `${readme.slice(0, from + marks.begin.length)}\n\n${formatTable()}\n\n${readme.slice(to)}`;
}
