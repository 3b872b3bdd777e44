/**
 * verl-shaped runs over the scenes: `verl/` as the legacy trainer dumps it (reward keys beside the score, no uid, rows reordered
 * by `balance_batch`), `verl-zoom/` as the V1 trainer dumps validation (uid, several turns
 * of a zoom tool, and a reward function that makes the log describe itself).
 */
import type { Box, Size } from '../../src/core/geometry/box';
import { look } from './policy';
import { numberPrompt, sensingPrompt, systemPrompt } from './prompts';
import { type Random, seeded } from './random';

/** What the runs need to know of a scene. */
export interface SceneFacts {
  readonly name: string;
  readonly image: Size;
  /** Size of the model's input for this image. */
  readonly input: Size;
  readonly category: string;
  /** Ground truth in original pixels. */
  readonly boxes: readonly Box[];
  readonly windows: readonly Box[];
}

export interface Scores {
  readonly format: number;
  readonly no_overlap: number;
  readonly area: number;
  readonly coverage: number;
}

const groupSize = 8;

/** Text of one `{step}.jsonl` of the legacy trainer. */
export function legacyStep(
  step: number,
  skill: number,
  scenes: readonly SceneFacts[],
  score: (response: string, scene: SceneFacts) => Scores,
): string {
  const random = seeded(1000 + step);
  const rows = scenes.flatMap((scene) =>
    Array.from({ length: groupSize }, () => {
      const { response } = look(random, scene.category, scene.windows, scene.image, scene.input, skill);
      const parts = score(response, scene);
      return {
        input: chat(sensingPrompt(scene.category)),
        output: response,
        gts: JSON.stringify(scene.boxes.map((b) => ({ bbox_2d: [b.x1, b.y1, b.x2, b.y2], label: scene.category }))),
        score: parts.format + parts.no_overlap + parts.area + parts.coverage,
        step,
        ...parts,
        data_source: 'synthetic/regions',
        truth_frame: 'original',
      };
    }),
  );
  return lines(random.shuffle(rows));
}

export interface Riddle {
  readonly scene: string;
  readonly image: Size;
  readonly input: Size;
  readonly question: string;
  readonly answer: string;
  /** Where the number stands, original pixels. */
  readonly target: Box;
}

/** Text of one validation `{step}.jsonl` of the V1 trainer: base keys, what the reward function returned, and `uid`, rows sorted by it. */
export function zoomStep(step: number, skill: number, riddles: readonly Riddle[]): string {
  const random = seeded(2000 + step);
  const rows = riddles.flatMap((riddle) => {
    const group = hex(random, 8);
    return Array.from({ length: groupSize }, (_, rollout) => {
      const { output, answer } = zoomRollout(random, riddle, skill);
      const tagged = /<answer>[^<]*<\/answer>\s*$/.test(output) ? 1 : 0;
      return {
        input: chat(numberPrompt(riddle.question)),
        output,
        gts: riddle.answer,
        score: 0.8 * (answer === riddle.answer ? 1 : 0) + 0.2 * tagged,
        step,
        reward: 0.8 * (answer === riddle.answer ? 1 : 0) + 0.2 * tagged,
        acc: answer === riddle.answer ? 1 : 0,
        image_path: `../../images/${riddle.scene}.jpg`,
        input_size: `${riddle.input.width}x${riddle.input.height}`,
        tool_frame: 'input',
        uid: `${group}_${rollout}_0`,
      };
    });
  });
  rows.sort((a, b) => (a.uid < b.uid ? -1 : 1));
  return lines(rows);
}

/** A thought, one or two zooms, an answer; special tokens stripped as verl strips them. */
function zoomRollout(random: Random, riddle: Riddle, skill: number): { output: string; answer: string | null } {
  const turns: string[] = [];
  let seen = false;
  const zooms = random.next() < 0.35 ? 2 : 1;
  for (let i = 0; i < zooms; i++) {
    const good = random.next() < 0.3 + 0.6 * skill;
    const box = around(random, riddle, good);
    seen ||= good;
    const why =
      i === 0
        ? 'The number is too small to read from here, so I look closer at where it should be.'
        : 'That part does not show it clearly; I try once more.';
    turns.push(
      `<think>${why}</think>\n<tool_call>\n{"name": "image_zoom_in_tool", "arguments": {"bbox_2d": [${box.join(', ')}], "label": "number"}}\n</tool_call>`,
      `user\n<tool_response>\nZoomed in on the image to the region [${box.join(', ')}] with label number.\n</tool_response>\nassistant`,
    );
  }
  if (random.next() < 0.08) return { output: `${turns.join('\n')}\n<think>I can read it now`, answer: null };
  const answer = seen ? riddle.answer : String(random.integer(10, 400));
  turns.push(
    `<think>${seen ? 'The digits are clear now.' : 'I cannot make out the digits; this is my best guess.'}</think>\n<answer>${answer}</answer>`,
  );
  return { output: turns.join('\n'), answer };
}

/** A box about the target (good) or somewhere else, in pixels of the model's input. */
function around(random: Random, { image, input, target }: Riddle, good: boolean): number[] {
  const [w, h] = [random.between(160, 420), random.between(140, 360)];
  const cx = good ? (target.x1 + target.x2) / 2 + random.between(-40, 40) : random.between(w, image.width - w);
  const cy = good ? (target.y1 + target.y2) / 2 + random.between(-40, 40) : random.between(h, image.height - h);
  const sx = input.width / image.width;
  const sy = input.height / image.height;
  return [(cx - w / 2) * sx, (cy - h / 2) * sy, (cx + w / 2) * sx, (cy + h / 2) * sy].map(Math.round);
}

/** A prompt as verl decodes it: chat template with its special tokens gone, image placeholders included. */
function chat(prompt: string): string {
  return `system\n${systemPrompt}\nuser\n${prompt}\nassistant\n`;
}

function hex(random: Random, length: number): string {
  return Array.from({ length }, () => random.integer(0, 15).toString(16)).join('');
}

function lines(rows: readonly object[]): string {
  return `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;
}
