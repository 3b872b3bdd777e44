import { softJsonFormatReward, tagFormatReward } from './formatReward';

/** Format rewards of the systems that check a text by regex, each 1 or 0; all run in linear time. */
export type DialectFormat =
  | 'r1'
  | 'vlm-r1-rec'
  | 'omni-r1-tags'
  | 'omni-r1-soft-json'
  | 'ergo-zoom'
  | 'mini-o3'
  | 'boxed';

/**
 * `r1`: `<think>…</think>`, white space, `<answer>…</answer>` and nothing else (R1-V, Visual-RFT, open-r1's fullmatch).
 * `vlm-r1-rec`: VLM-R1's search for a box of four integers inside braces in an answer behind a thought. `omni-r1-*`: see
 * `formatReward.ts`. `ergo-zoom`: a thought, then one `<zoom>[x1, y1, x2, y2]</zoom>`. `mini-o3`: every assistant turn
 * thinks, then grounds or answers, and the last answers. `boxed`: one `\boxed{…}` (Pixel-Reasoner, Active-Zero's solver).
 * @param turns texts of the assistant's turns in order; only `mini-o3` looks at more than their whole.
 */
export function dialectFormatReward(response: string, turns: readonly string[], dialect: DialectFormat): 0 | 1 {
  switch (dialect) {
    case 'r1':
    case 'omni-r1-tags':
      return tagFormatReward(response);
    case 'omni-r1-soft-json':
      return softJsonFormatReward(response);
    case 'vlm-r1-rec':
      return hasBoxBehindThought(response) ? 1 : 0;
    case 'ergo-zoom':
      return ergoTurn(response) ? 1 : 0;
    case 'mini-o3':
      return turns.length > 0 && turns.every((text, i) => miniO3Turn(text, i === turns.length - 1)) ? 1 : 0;
    case 'boxed':
      return /\\boxed\{[^{}]/.test(response) ? 1 : 0;
  }
}

/**
 * VLM-R1's `format_reward_rec` searches `<think>.*?</think>\s*<answer>.*?\{.*\[\d+,\s*\d+,\s*\d+,\s*\d+\].*\}.*?</answer>`.
 * Every gap in it takes any text, so the earliest place of each part decides.
 */
function hasBoxBehindThought(text: string): boolean {
  const think = text.indexOf('<think>');
  if (think < 0) return false;
  const answer = /<\/think>\s*<answer>/g;
  answer.lastIndex = think;
  const opened = answer.exec(text);
  if (opened === null) return false;
  const brace = text.indexOf('{', opened.index + opened[0].length);
  if (brace < 0) return false;
  const box = /\[\d+,\s*\d+,\s*\d+,\s*\d+\]/g;
  box.lastIndex = brace;
  const found = box.exec(text);
  const closed = found === null ? -1 : text.indexOf('}', found.index + found[0].length);
  return closed >= 0 && text.indexOf('</answer>', closed) >= 0;
}

function ergoTurn(text: string): boolean {
  const thought = text.indexOf('</think>');
  if (!text.trimStart().startsWith('<think>') || thought < 0) return false;
  return /^\s*<zoom>\s*\[\s*\d+\s*,\s*\d+\s*,\s*\d+\s*,\s*\d+\s*\]\s*<\/zoom>\s*$/.test(
    text.slice(thought + '</think>'.length),
  );
}

function miniO3Turn(text: string, last: boolean): boolean {
  const thought = text.indexOf('</think>');
  if (!text.trimStart().startsWith('<think>') || thought < 0) return false;
  const acted = text.slice(thought + '</think>'.length).trim();
  const tag = last ? 'answer' : 'grounding';
  return acted.startsWith(`<${tag}>`) && acted.endsWith(`</${tag}>`);
}
