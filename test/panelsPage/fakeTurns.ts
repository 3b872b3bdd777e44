import type { Box } from '../../src/core/geometry/box';
import { parseResponse } from '../../src/core/trajectory/parseResponse';
import type { Observation, Rollout, StatedTurn, TokenTrack } from '../../src/core/trajectory/rollout';
import { imageSize, random, things } from './fakeRollouts';
import { withoutPictures } from './fakeVideoTurns';

/** Rollouts of several turns, in the shapes that zoom tools, clickers, GUI agents and token loggers write. */
export type TurnsKind = 'zoom' | 'clicks' | 'gui' | 'video' | 'videoOnly' | 'tokens' | 'labels';

type Part = readonly [role: StatedTurn['role'], text: string];

function joined(parts: readonly Part[]): { readonly response: string; readonly statedTurns: readonly StatedTurn[] } {
  const statedTurns: StatedTurn[] = [];
  let response = '';
  for (const [role, text] of parts) {
    if (response !== '') response += '\n';
    statedTurns.push({ role, span: { start: response.length, end: response.length + text.length } });
    response += text;
  }
  return { response, statedTurns };
}

/** What a rollout of this kind has other than a plain one. */
export function turnsOf(kind: TurnsKind, base: Rollout): Rollout {
  switch (kind) {
    case 'tokens':
      return withTokens(base);
    case 'labels':
      return withLabels(base);
    case 'zoom':
      return withZoom(base);
    case 'clicks':
      return withClicks(base);
    case 'gui':
      return withScreens(base);
    case 'video':
      return withFrames(base);
    case 'videoOnly':
      return withoutPictures(base);
  }
}

function withText(base: Rollout, parts: readonly Part[], more: Partial<Rollout> = {}): Rollout {
  const { response, statedTurns } = joined(parts);
  const parsed = parseResponse(response, { dialect: 'generic', turns: statedTurns });
  return { ...base, cropOutputs: [], taskBoxes: [], ...more, response, statedTurns, ...parsed };
}

function withTokens(base: Rollout): Rollout {
  const chance = random(base.row + 3);
  const starts: number[] = [];
  for (let at = 0; at < base.response.length; at += 2 + Math.floor(chance() * 6)) starts.push(at);
  const last = starts.length - 1;
  const tokens: TokenTrack = {
    starts,
    rewards: starts.map((_, i) => (i === last ? 1.2 : chance() < 0.3 ? 0 : (chance() - 0.5) * 0.9)),
    logprobs: starts.map(() => -(chance() ** 4) * 6),
    values: starts.map((_, i) => Math.sin(i / 9) * 0.8),
  };
  return { ...base, tokens };
}

function withLabels(base: Rollout): Rollout {
  const steps: readonly Part[] = [
    ['assistant', 'The beach has kites in three places: left above the people, in the middle, and at the right.'],
    ['assistant', 'The middle one stands at y = 400 of 1500, so it is the highest of the three.'],
    ['assistant', 'Therefore there are four kites and the highest one is the left one.'],
  ];
  return withText(base, steps, {
    stepLabels: [
      { turn: 0, label: 1, rationale: null },
      { turn: 1, label: 0, rationale: 'Right, but it does not help with the count.' },
      { turn: 2, label: -1, rationale: 'Counts one kite too many and contradicts the step before.' },
    ],
    preference: base.row % 2 === 0 ? 'chosen' : 'rejected',
  });
}

const look = (box: readonly number[], source: string) =>
  `<think>I look closer at ${source}.</think>\n<grounding>{"bbox_2d": [${box.join(', ')}], "source": "${source}"}</grounding>`;

/** Mini-o3: relative boxes, one of them in a crop, one that the tool refused. */
function withZoom(base: Rollout): Rollout {
  const shift = (base.row % 8) * 0.01;
  const back = (turn: number) =>
    `After the above Action ${turn}, here is the the zoom-in image (Observation ${turn + 1}):\n<image>`;
  const parts: readonly Part[] = [
    ['assistant', look([0.12 + shift, 0.55, 0.42, 0.9], 'original_image')],
    ['user', back(0)],
    ['assistant', look([0.15, 0.2, 0.7, 0.8], 'observation_1')],
    ['user', back(1)],
    ['assistant', look([0.5, 0.5, 0.5, 0.5], 'original_image')],
    ['user', 'ERROR occurs during grounding. Error Information: it has no width'],
    ['assistant', look([0.6, 0.2, 0.85, 0.5], 'original_image')],
    ['user', back(3)],
    ['assistant', '<think>Three kites in all.</think>\n<answer>three</answer>'],
  ];
  const observations: readonly Observation[] = [1, 3, 7].map((turn, i) => ({
    turn,
    name: `observation_${i + 1}`,
    // As where a log blanked its images: what was seen follows from the boxes.
    view: { kind: 'blank' },
  }));
  return withText(base, parts, { observations });
}

/**
 * SegAgent: logged clicks, a mask after each of them, the one to reach. Every other row says nothing, as the simulated
 * annotator's traces.
 */
function withClicks(base: Rollout): Rollout {
  const words: readonly Part[] = [
    ['assistant', 'Positive point: (720, 240)'],
    ['assistant', 'Positive point: (690, 280)'],
    ['assistant', 'Negative point: (780, 200)'],
  ];
  return withText(base, base.row % 2 === 0 ? [] : words, {
    truthBoxes: [],
    loggedClicks: [
      { x: 540, y: 1080, positive: true, turn: 0 },
      { x: 640, y: 1040, positive: true, turn: 1 },
      { x: 450, y: 1170, positive: false, turn: 2 },
    ],
    masks: [
      { click: 0, ...ellipse(520, 1090, 120, 110), iou: 0.61 },
      { click: 1, ...ellipse(560, 1080, 170, 130), iou: 0.78 },
      { click: 2, ...ellipse(560, 1070, 150, 105), iou: 0.91 },
    ],
    truthMask: { click: null, ...ellipse(555, 1065, 155, 110), iou: null },
  });
}

/** GUI-Odyssey: a screenshot before each action, coordinates of 0–1000. */
function withScreens(base: Rollout): Rollout {
  const parts = things.flatMap((_, i): readonly Part[] => [
    ['user', `Screenshot ${i + 1}`],
    ['assistant', `CLICK [[${480 + i * 40}, ${420 + i * 60}]]`],
  ]);
  const parsed = withText(base, parts, {
    truthBoxes: [],
    observations: things.map((_, i) => ({
      turn: 2 * i,
      name: `screen_${i}.png`,
      view: { kind: 'embedded', index: i },
    })),
  });
  const clicks = things.map((_, i): Rollout['clicks'][number] => ({
    index: i,
    x: 480 + i * 40,
    y: 420 + i * 60,
    positive: null,
    turn: 2 * i + 1,
    span: parsed.turns[2 * i + 1]?.span ?? { start: 0, end: 0 },
    section: 'text',
    field: 'prediction',
  }));
  return { ...parsed, clicks };
}

/** Omni-R1's first system: frames at 2 a second, two moments; a box of the third frame. Odd rows log no frames. */
function withFrames(base: Rollout): Rollout {
  const moment = (start: string, end: string, description: string) =>
    `{"start_time": "${start}", "end_time": "${end}", "description": "${description}"}`;
  const answer = [moment('00:01.00', '00:01.50', 'kite above the people'), moment('00:04.00', '00:04.00', 'red kite')];
  const parts: readonly Part[] = [
    ['user', 'Twelve frames.'],
    ['assistant', `<think>The kite is in sight twice.</think>\n<answer>${answer.join('\n')}</answer>`],
  ];
  const frames = Array.from(
    { length: base.row % 2 === 0 ? 12 : 0 },
    (_, i): Observation => ({
      turn: 0,
      name: `frame_${i}.jpg`,
      view: { kind: 'file', path: `frames/frame_${i}.jpg` },
    }),
  );
  const read = withText(base, parts, {
    truthBoxes: [],
    observations: frames,
    fields: [
      ...base.fields,
      { name: 'fps', value: 2 },
      { name: 'frame_masks', value: [{ frame: 2, ...ellipse(150, 250, 90, 130, { width: 500, height: 1000 }) }] },
    ],
  });
  const [turn] = read.turns.slice(1);
  const region: Rollout['regions'][number] = {
    index: 0,
    box: { x1: 50, y1: 100, x2: 250, y2: 400 },
    view: 3,
    label: 'kite',
    turn: 1,
    span: turn?.span ?? { start: 0, end: 0 },
    section: 'answer',
    field: 'prediction',
    repairs: [],
  };
  return { ...read, regions: frames.length === 0 ? [] : [region] };
}

/** COCO's compressed runs of an ellipse, as `rleToString` writes them. */
function ellipse(
  cx: number,
  cy: number,
  rx: number,
  ry: number,
  { width, height } = imageSize,
): { size: readonly [number, number]; counts: string } {
  const runs: number[] = [];
  let zeros = 0;
  for (let x = 0; x < width; x++) {
    const half = Math.floor(ry * Math.sqrt(Math.max(0, 1 - ((x - cx) / rx) ** 2)));
    if (half === 0) {
      zeros += height;
      continue;
    }
    runs.push(zeros + cy - half, 2 * half);
    zeros = height - cy - half;
  }
  runs.push(zeros);
  let counts = '';
  runs.forEach((run, i) => {
    let x = i > 2 ? run - (runs[i - 2] ?? 0) : run;
    for (let more = true; more; ) {
      const low = x & 0x1f;
      x >>= 5;
      more = (low & 0x10) !== 0 ? x !== -1 : x !== 0;
      counts += String.fromCharCode((low | (more ? 0x20 : 0)) + 48);
    }
  });
  return { size: [height, width], counts };
}

/** The part of the scene that an observation of such a rollout shows; null where its bytes were left out. */
export function viewBox(kind: TurnsKind | undefined, observation: Observation | undefined): Box | null {
  if (kind === undefined || observation === undefined || observation.view.kind === 'blank') return null;
  const frame = kind === 'video' ? Number(/\d+/.exec(observation.name)?.[0]) : 0;
  const left = (((observation.turn + frame / 4) * 311) % 1200) + 20;
  return { x1: left, y1: 300, x2: left + 500, y2: 1300 };
}
