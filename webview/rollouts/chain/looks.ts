import type { Box, Size } from '../../../src/core/geometry/box';
import type { ZoomChain, ZoomStep } from '../../../src/core/geometry/zoomChain';
import type { ZoomView } from '../../../src/core/geometry/zoomView';
import { type FrameStrip, frameStrip, type StripFrame } from '../../../src/core/trajectory/frameStrip';
import type { Observation, Rollout } from '../../../src/core/trajectory/rollout';
import { decimal } from '../words';
import { clicksOf, signOf } from './clicks';
import { frameTitle } from './frameWords';

/** What to show of a look: the group's image, an image that came back, or a part of the image that stands for it. */
export interface LookPicture {
  /** Index into the rollout's observations; null for the image itself or where the log kept none. */
  readonly observation: number | null;
  /** Part of the original that it shows, where that is known. */
  readonly box: Box | null;
}

/** One place of the strip: a picture that the policy saw, or a call that brought none. */
export interface Look {
  readonly index: number;
  /** Short, for the thumbnail. */
  readonly badge: string;
  readonly title: string;
  readonly state: 'seen' | 'refused' | 'notRun' | 'unplaced';
  /** Why nothing came back; null where something did. */
  readonly reason: string | null;
  /** Null where nothing came back. */
  readonly picture: LookPicture | null;
  /** Turns [from, to) that this look is current in. */
  readonly from: number;
  readonly to: number;
  /** The step of the zoom chain that led here. */
  readonly step: ZoomStep | null;
  readonly view: ZoomView | null;
  /** Id of the region or click that belongs to it, without its member; null for none. */
  readonly mark: { readonly kind: 'region' | 'click'; readonly index: number } | null;
  /** Logged number that goes with it, such as the IoU of its mask; '' without one. */
  readonly number: string;
  /** Mask after this look; index into the rollout's masks. */
  readonly mask: number | null;
  /** The frame of a video that it shows; null for any other picture. */
  readonly frame: StripFrame | null;
}

/**
 * `zoom`: crops of the one image. `screens`: a picture of its own for each turn, on which that turn's clicks and boxes lie.
 * `clicks`: one image, a mask that grows click by click. `none`: nothing but the image was seen.
 */
export interface Looks {
  readonly kind: 'none' | 'zoom' | 'screens' | 'clicks';
  readonly list: readonly Look[];
  /** Frames and moments of a rollout about a video; null for any other. */
  readonly video: FrameStrip | null;
}

type LooksOf = Pick<Rollout, 'turns' | 'observations' | 'masks' | 'clicks' | 'loggedClicks' | 'regions' | 'fields'>;

export const noLooks: Looks = { kind: 'none', list: [], video: null };

/** What a rollout saw, in order. `zoom` is null while the image's size is not known. */
export function looksOf(rollout: LooksOf, zoom: ZoomChain | null): Looks {
  const observations = rollout.observations ?? [];
  const steps = zoom?.steps ?? [];
  const clicks = clicksOf(rollout);
  const video = frameStrip(rollout);
  if (video !== null && video.frames.length > 0)
    return { kind: 'screens', list: numbered(frameLooks(video, observations)), video };
  if (steps.length === 0 && observations.length > 0 && (clicks.length > 0 || rollout.regions.length === 0))
    return { kind: 'screens', list: numbered(screens(rollout, observations)), video };
  if (clicks.length > 0) return { kind: 'clicks', list: numbered(clickLooks(rollout)), video };
  if (zoom === null || (steps.length === 0 && observations.length === 0)) return { ...noLooks, video };
  return { kind: 'zoom', list: numbered(zoomLooks(rollout, zoom, observations)), video };
}

type Unnumbered = Omit<Look, 'index'>;

const image: Unnumbered = {
  badge: 'Image',
  title: 'The image',
  state: 'seen',
  reason: null,
  picture: { observation: null, box: null },
  from: 0,
  to: Number.POSITIVE_INFINITY,
  step: null,
  view: null,
  mark: null,
  number: '',
  mask: null,
  frame: null,
};

const numbered = (looks: readonly Unnumbered[]): readonly Look[] => looks.map((look, index) => ({ ...look, index }));

function screens({ turns }: LooksOf, observations: readonly Observation[]): readonly Unnumbered[] {
  const starts = observations.map(({ turn }) => turn);
  const first = starts[0] ?? 0;
  const looks = observations.map((observation, i): Unnumbered => {
    const from = observation.turn;
    // Several pictures of one turn: all but the last pass at once.
    const to = starts[i + 1] ?? Number.POSITIVE_INFINITY;
    const title = `${observation.name} · ${turns[from] === undefined ? 'after the last turn' : `turn ${from + 1}`}`;
    return { ...image, badge: String(i + 1), title, picture: { observation: i, box: null }, from, to };
  });
  return first > 0 ? [{ ...image, to: first }, ...looks] : looks;
}

/** A frame is current in its own turn up to the next frame's; of several in one turn nothing tells whose turn's boxes are. */
function frameLooks(video: FrameStrip, observations: readonly Observation[]): readonly Unnumbered[] {
  const { frames } = video;
  const turns = frames.map(({ observation }) => observations[observation]?.turn ?? 0);
  return frames.map((frame, i): Unnumbered => {
    const from = turns[i] ?? 0;
    const alone = turns[i - 1] !== from && turns[i + 1] !== from;
    return {
      ...image,
      badge: String(frame.index ?? i + 1),
      title: frameTitle(frame, observations[frame.observation]?.name ?? '', video),
      picture: { observation: frame.observation, box: null },
      from,
      to: alone ? (turns[i + 1] ?? Number.POSITIVE_INFINITY) : from,
      number: frame.iou === null ? '' : `IoU ${decimal(frame.iou)}`,
      frame,
    };
  });
}

function clickLooks(rollout: LooksOf): readonly Unnumbered[] {
  const masks = rollout.masks ?? [];
  const maskOf = (click: number | null) => {
    const at = masks.findIndex((mask) => mask.click === click);
    return at < 0 ? null : at;
  };
  const looks = clicksOf(rollout).map((click): Unnumbered => {
    const mask = maskOf(click.index);
    const iou = mask === null ? null : (masks[mask]?.iou ?? null);
    const words = click.positive === null ? 'Click' : click.positive ? 'Positive click' : 'Negative click';
    return {
      ...image,
      badge: `${signOf(click)}${click.index + 1}`,
      title: `${words} ${click.index + 1}${iou === null ? '' : ` · IoU ${decimal(iou)}`}`,
      number: iou === null ? '' : decimal(iou),
      from: click.turn,
      mark: { kind: 'click', index: click.index },
      mask,
    };
  });
  return [{ ...image, badge: 'Start', title: 'Before the first click', mask: maskOf(null) }, ...looks];
}

function zoomLooks(
  { turns }: LooksOf,
  { views, steps }: ZoomChain,
  observations: readonly Observation[],
): readonly Unnumbered[] {
  const taken = new Set<number>();
  const looks: Unnumbered[] = [{ ...image, view: views[0] ?? null }];
  for (const step of steps) {
    const view = step.result === null ? null : (views[step.result] ?? null);
    const observation = view === null ? null : cameBackAfter(step.turn, turns, observations, taken);
    if (observation !== null) taken.add(observation);
    looks.push(lookOfStep(step, view, observation));
  }
  const others = observations.flatMap(({ turn, name }, index): Unnumbered[] =>
    taken.has(index)
      ? []
      : [{ ...image, badge: '·', title: name, picture: { observation: index, box: null }, from: turn }],
  );
  // What came back without a box, such as a tool's drawing, stands where its turn does.
  return others.length === 0 ? looks : [...looks, ...others].sort((a, b) => a.from - b.from);
}

function lookOfStep(step: ZoomStep, view: ZoomView | null, observation: number | null): Unnumbered {
  const { status } = step;
  const number = step.region + 1;
  const base = {
    ...image,
    badge: String(number),
    from: step.turn,
    step,
    view,
    mark: { kind: 'region', index: step.region } as const,
    state: status.kind === 'executed' ? ('seen' as const) : status.kind,
    reason: status.kind === 'executed' ? null : status.reason,
  };
  if (view !== null) {
    const title = status.kind === 'executed' ? `Crop ${number}` : `Region ${number}: the whole picture again`;
    return { ...base, title, picture: { observation, box: view.box } };
  }
  const words = { executed: '', refused: 'refused', notRun: 'not run', unplaced: 'cannot be placed' }[status.kind];
  return { ...base, title: `Region ${number}: ${words}`, picture: null };
}

/** The first picture that came back between a call's turn and the policy's next one. */
function cameBackAfter(
  turn: number,
  turns: LooksOf['turns'],
  observations: readonly Observation[],
  taken: ReadonlySet<number>,
): number | null {
  const next = turns.findIndex(({ index, role }) => index > turn && role === 'assistant');
  const end = next < 0 ? Number.POSITIVE_INFINITY : next;
  const found = observations.findIndex((one, i) => !taken.has(i) && one.turn >= turn && one.turn < end);
  return found < 0 ? null : found;
}

/** Pixels, share of the image and enlargement of what the policy saw, for people. */
export interface LookFacts {
  /** Pixels of the picture. */
  readonly seen: Size | null;
  /** Part of the original. */
  readonly cut: Size | null;
  /** Of the original's area, 0–1. */
  readonly share: number | null;
}

/** `shown`: pixels of the picture itself where it was loaded. */
export function factsOf({ view }: Pick<Look, 'view'>, image: Size, shown: Size | null): LookFacts {
  if (view === null) return { seen: shown, cut: null, share: null };
  const { x1, y1, x2, y2 } = view.box;
  const inside = {
    width: Math.max(0, Math.min(x2, image.width) - Math.max(x1, 0)),
    height: Math.max(0, Math.min(y2, image.height) - Math.max(y1, 0)),
  };
  return {
    seen: shown ?? view.held,
    cut: { width: x2 - x1, height: y2 - y1 },
    share: (inside.width * inside.height) / (image.width * image.height),
  };
}
