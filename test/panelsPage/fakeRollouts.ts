import type { Box } from '../../src/core/geometry/box';
import type { Action, Region, Repair, Rollout, Turn } from '../../src/core/trajectory/rollout';

/** Made-up rollouts of the shapes the formats yield; the same numbers for the same (group, member) every time. */

export function random(seed: number): () => number {
  let state = (seed * 2654435761 + 1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const imageSize = { width: 2250, height: 1500 };

/** Where the scene's things are, original pixels. */
export const things: readonly { readonly box: Box; readonly label: string }[] = [
  { box: { x1: 400, y1: 980, x2: 700, y2: 1210 }, label: 'red kite' },
  { box: { x1: 1500, y1: 400, x2: 1760, y2: 620 }, label: 'red kite' },
  { box: { x1: 1880, y1: 1100, x2: 2060, y2: 1290 }, label: 'red kite' },
];

const questions = [
  'How many red kites fly over the beach, and which one is the highest?',
  'What number is written on the sail of the smallest boat?',
  'Find all pigeons on the roof of the station building.',
  'Is the traffic light left or right of the blue parasol?',
  'What is the colour of the umbrella of the person beside the fountain?',
];

export const question = (group: number): string => questions[group % questions.length] ?? '';

const labels = ['kite-dense region', 'region relevant to the question', 'people near the water', 'sky above the pier'];

const thoughts = [
  'The question asks about kites. They are small against the sky, so I should look at the upper right first. There also seems to be something red near the beach on the left, between the two groups of people, and a third spot at the lower right where the colour changes suddenly.',
  'I see a beach with many people. Kites are usually above them.\nThe left part shows a cluster of colours that could be kites or parasols; at this resolution I cannot tell them apart.\nThe right part has one clear diamond shape.\nThe lower right corner is too dark, but a red patch is there.\nI choose three regions that are distinct and cover these places with some context around each of them.',
];

export type Shape = 'ok' | 'repaired' | 'malformed' | 'none' | 'tools';

export function shapeOf(group: number, member: number): Shape {
  if (group % 5 === 2 && member === 1) return 'tools';
  return (['ok', 'ok', 'repaired', 'ok', 'malformed', 'ok', 'ok', 'none'] as const)[(group + member) % 8] ?? 'ok';
}

export function rewardOf(group: number, member: number): number | null {
  if (group % 9 === 4) return 1;
  if (group % 11 === 6 && member === 2) return Number.NaN;
  const chance = random(group * 64 + member + 7);
  return Math.round(chance() * 4000) / 1000;
}

/** A box near a thing of the scene, in the pixels of the 2240×1512 model input. */
function near(chance: () => number, at: number): Box {
  const target = things[at % things.length]?.box ?? { x1: 0, y1: 0, x2: 10, y2: 10 };
  const jitter = () => Math.round((chance() - 0.5) * 160);
  const scale = { x: 2240 / 2250, y: 1512 / 1500 };
  return {
    x1: Math.round(target.x1 * scale.x) + jitter() - 40,
    y1: Math.round(target.y1 * scale.y) + jitter() - 40,
    x2: Math.round(target.x2 * scale.x) + jitter() + 40,
    y2: Math.round(target.y2 * scale.y) + jitter() + 40,
  };
}

class Writer {
  text = '';
  readonly regions: Region[] = [];

  add(more: string): { start: number; end: number } {
    const start = this.text.length;
    this.text += more;
    return { start, end: this.text.length };
  }

  region(box: Box, label: string, turn: number, section: Region['section'], broken: boolean): number {
    const numbers = [box.x1, box.y1, box.x2, box.y2].join(', ');
    const before = `"bbox_2d [${numbers}]": "${label}"`;
    const after = `"bbox_2d": [${numbers}], "label": "${label}"`;
    const span = this.add(broken ? `{${before}}` : `{${after}}`);
    const index = this.regions.length;
    const mended = { start: span.start + 1, end: span.end - 1 };
    const repairs: Repair[] = broken ? [{ kind: 'boxInKey', span: mended, before, after }] : [];
    const field = section === 'tool' ? 'tool' : 'prediction';
    this.regions.push({ index, box, view: 0, label, turn, span, section, field, repairs });
    return index;
  }
}

function zoomTurn(out: Writer, chance: () => number, shape: Shape, regionCount: number): Turn {
  const start = out.text.length;
  out.add('<think> ');
  const thought = out.add(thoughts[Math.floor(chance() * thoughts.length)] ?? '');
  out.add(' </think>\n<answer>\n');
  if (shape === 'malformed') {
    const span = out.add('[{"bbox_2d": [412, 988, "label": kite-dense region}, {"bbox_2d": 1502]');
    out.add('\n</answer>');
    const reason = 'The list of regions is not JSON, nor a Python literal: unexpected “k” after 41 characters.';
    const action: Action = { kind: 'malformed', span, text: '', regions: [], tool: null, reason };
    return {
      index: 0,
      role: 'assistant',
      inferred: false,
      span: { start, end: out.text.length },
      thought,
      actions: [action],
    };
  }
  const from = out.text.length;
  out.add('[\n  ');
  const regions: number[] = [];
  for (let i = 0; i < regionCount; i++) {
    if (i > 0) out.add(',\n  ');
    const label = labels[(i + Math.floor(chance() * 2)) % labels.length] ?? '';
    regions.push(out.region(near(chance, i), label, 0, 'answer', shape === 'repaired' && i === 1));
  }
  out.add('\n]');
  const span = { start: from, end: out.text.length };
  out.add('\n</answer>');
  const action: Action = { kind: 'zoom', span, text: '', regions, tool: null, reason: null };
  return {
    index: 0,
    role: 'assistant',
    inferred: false,
    span: { start, end: out.text.length },
    thought,
    actions: [action],
  };
}

function toolTurns(out: Writer, chance: () => number): Turn[] {
  const start = out.text.length;
  out.add('<think>');
  const thought = out.add('I zoom into the sky first.');
  out.add('</think>\n<tool_call>\n');
  const from = out.text.length;
  out.add('{"name": "image_zoom_in_tool", "arguments": ');
  const region = out.region(near(chance, 1), 'sky', 0, 'tool', false);
  out.add('}');
  const call = { start: from, end: out.text.length };
  out.add('\n</tool_call>\n');
  const first: Turn = {
    index: 0,
    role: 'assistant',
    inferred: false,
    span: { start, end: out.text.length },
    thought,
    actions: [{ kind: 'zoom', span: call, text: '', regions: [region], tool: 'image_zoom_in_tool', reason: null }],
  };
  out.add('user\n');
  const back = out.add('<tool_response>\nHere is the zoomed in image. Size 412×388.\n</tool_response>\n');
  out.add('assistant\n');
  const second: Turn = { index: 1, role: 'tool', inferred: true, span: back, thought: null, actions: [] };
  const at = out.text.length;
  out.add('<think>');
  const after = out.add('One kite is clearly visible, with a tail of four ribbons.');
  out.add('</think>\n<answer>');
  const answer = out.add('There are three kites; the highest one is on the right.');
  out.add('</answer>');
  const third: Turn = {
    index: 2,
    role: 'assistant',
    inferred: true,
    span: { start: at, end: out.text.length },
    thought: after,
    actions: [{ kind: 'answer', span: answer, text: '', regions: [], tool: null, reason: null }],
  };
  return [first, second, third];
}

export interface Wishes {
  readonly regions?: number;
  readonly sample?: boolean;
}

export function fakeRollout(group: number, member: number, row: number, wishes: Wishes = {}): Rollout {
  const chance = random(group * 64 + member);
  const shape = wishes.sample ? 'none' : shapeOf(group, member);
  const out = new Writer();
  const turns = wishes.sample
    ? []
    : shape === 'tools'
      ? toolTurns(out, chance)
      : shape === 'none'
        ? [plainTurn(out)]
        : [zoomTurn(out, chance, shape, wishes.regions ?? 3)];
  const reward = wishes.sample ? null : rewardOf(group, member);
  const value = reward ?? 0;
  return {
    kind: wishes.sample ? 'sample' : 'rollout',
    step: wishes.sample ? null : 1 + Math.floor(group / 16),
    uid: null,
    dataSource: group % 2 === 0 ? 'active_o3/lvis_small' : 'vstar',
    prompt: `system\nYou are a helpful assistant.\nuser\n<image>Find up to three different regions in the image that are most likely to help answer the question: '${question(group)}'. Even if the answer is not directly visible, infer which regions might contain relevant visual cues.\nassistant\n`,
    response: out.text,
    groundTruth: { object: 'red kite', count: 3, answer: 'three' },
    truthBoxes: things,
    reward,
    fields: wishes.sample
      ? []
      : [
          { name: 'format', value: shape === 'malformed' ? 0 : 1 },
          { name: 'no_overlap', value: 1 },
          { name: 'area_range', value: member % 3 === 0 ? 0 : 1 },
          { name: 'coverage_rate', value: Math.round((value % 1) * 1e4) / 1e4 },
          { name: 'acc', value: member === 5 ? Number.NaN : member % 2 },
          ...(member === 3 ? [] : [{ name: 'pred', value: 'three kites, the highest one on the right' }]),
        ],
    imageName: null,
    loggedImageSize: null,
    inputSize: null,
    statedFrames: {},
    taskBoxes: group % 3 === 0 ? [{ x1: 430, y1: 1005, x2: 660, y2: 1190 }] : [],
    cropOutputs:
      group % 3 === 0
        ? out.regions.map(({ index }) => ({
            region: index,
            text:
              index === 1
                ? 'There is no kite in this crop, only a parasol and two people.'
                : 'The kite is red with a white tail.',
            file: `cropped/beach_crop_${index}.jpg`,
          }))
        : [],
    options: wishes.sample ? ['The kite is red.', 'The kite is blue.', 'The kite is green.', 'The kite is white.'] : [],
    turns,
    regions: out.regions,
    clicks: [],
    badge: shape === 'tools' ? 'ok' : shape,
    row,
    file: `${1 + Math.floor(group / 16)}.jsonl`,
    line: 1 + (row % 128),
    element: null,
  };
}

function plainTurn(out: Writer): Turn {
  const span = out.add('I am not able to see any kites in the picture. There are many people on the beach, though.');
  return { index: 0, role: 'assistant', inferred: false, span, thought: null, actions: [] };
}
