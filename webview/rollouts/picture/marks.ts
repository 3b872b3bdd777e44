import type { Box, Size } from '../../../src/core/geometry/box';
import type { FrameChoice, FrameField } from '../../../src/core/geometry/frame';
import type { ZoomStep } from '../../../src/core/geometry/zoomChain';
import type { Rollout } from '../../../src/core/trajectory/rollout';
import type { CanvasRegion } from '../../canvas/imageCanvas';
import type { Chains } from '../chain/chains';
import { clicksAreLogged, clicksOf } from '../chain/clicks';
import type { Look } from '../chain/looks';
import { type BoxOwner, BoxPlacer } from '../store/frames';

/** A box that can be drawn, hovered and stepped to, with its place in the original image where that is known. */
export interface Mark {
  readonly id: string;
  readonly kind: 'region' | 'sibling' | 'truth' | 'task' | 'click' | 'meant' | 'guest' | 'logged';
  /** 0-based member of the group; null for what belongs to the image. */
  readonly member: number | null;
  /** Short text on the badge. */
  readonly number: string;
  readonly label: string | null;
  /** As written, in its own frame. */
  readonly raw: Box;
  /** Pixels of the original; null when it cannot be placed. A click is a box without area. */
  readonly box: Box | null;
  /** Why its call brought nothing back: it is drawn dashed. Absent for what was run, and for answers. */
  readonly failed?: string;
  /** The box is what the tool cut, which is not what the policy meant. */
  readonly executed?: true;
  /** Who put the box where it is, which is not where the log has it. */
  readonly edited?: string;
  /** Only for clicks. */
  readonly sign?: boolean | null;
}

export interface Marks {
  readonly list: readonly Mark[];
  /** Fields whose frame nobody knows, among the boxes to show. */
  readonly unknown: readonly FrameField[];
  /** Why other boxes could not be placed. */
  readonly reasons: readonly string[];
}

export interface MarksInput {
  /** By member; those that are not there yet are missing. */
  readonly rollouts: readonly (Rollout | undefined)[];
  readonly member: number;
  readonly siblings: ReadonlySet<number>;
  readonly truth: boolean;
  readonly taskBoxes: boolean;
  readonly choices: readonly FrameChoice[];
  /** Another run's rollouts on the same image, with the frames of their own trace. */
  readonly guest: { readonly rollouts: readonly Rollout[]; readonly choices: readonly FrameChoice[] } | null;
  /** Stored size of the image; null while it is not known, which leaves every box unplaced. */
  readonly image: Size | null;
  /** Zoom chains of the rollouts; null while they cannot be replayed. */
  readonly chains: Pick<Chains, 'of'> | null;
  /** Also draw the boxes that the policy meant where the tool cut others. */
  readonly meant: boolean;
  /** A turn's own picture is on show in the image's place: only what belongs to its turns is drawn. */
  readonly screen: Pick<Look, 'from' | 'to' | 'frame'> | null;
}

export const regionId = (member: number, index: number): string => `r${member}:${index}`;

export const truthId = (index: number): string => `t${index}`;

/** Palette place of a group's member when it is drawn as a sibling: 1–8, by its number in the list. */
export const siblingPalette = (member: number): number => (member % 8) + 1;

/** Everything to draw for the selected rollout, below to above: ground truth, siblings, the rollout's own, task boxes. */
export function marksOf(input: MarksInput): Marks {
  const unknown = new Set<FrameField>();
  const reasons = new Set<string>();
  const placer = new BoxPlacer(input.choices);
  const placed: Placer = (raw, rollout, field) => {
    if (input.image === null) return null;
    const found = placer.place(raw, rollout, field, input.image);
    if (found.kind === 'unknownFrame') unknown.add(field);
    if (found.kind === 'impossible') reasons.add(found.reason);
    return found.kind === 'placed' ? found.box : null;
  };
  const own = input.rollouts[input.member];
  const { guest, image } = input;
  const list: Mark[] = [];
  // A box that names a frame lies on that one, every other in its turn's picture.
  const frameView = input.screen?.frame ? input.screen.frame.observation + 1 : null;
  const here = ({ turn, view = 0 }: { readonly turn: number; readonly view?: number }) => {
    if (input.screen === null || (frameView !== null && view === frameView)) return true;
    return (frameView === null || view === 0) && turn >= input.screen.from && turn < input.screen.to;
  };
  const regions = (rollout: Rollout, member: number, kind: 'region' | 'sibling') => {
    const steps = input.chains === null ? [] : input.chains.of(rollout).zoom.steps;
    const found = regionMarks({ rollout, member, kind, steps, here, frameView, meant: input.meant }, placed);
    for (const reason of found.reasons) reasons.add(reason);
    return found.marks;
  };
  if (input.truth && own !== undefined && (input.screen?.from ?? 0) === 0) list.push(...truthMarks(own, placed));
  if (guest !== null && image !== null && input.screen === null)
    list.push(...guestMarks(guest.rollouts, new BoxPlacer(guest.choices), image));
  for (const member of [...input.siblings].sort((a, b) => a - b)) {
    const rollout = input.rollouts[member];
    // Siblings saw screens of their own.
    if (rollout !== undefined && member !== input.member && input.screen === null)
      list.push(...regions(rollout, member, 'sibling'));
  }
  if (own !== undefined)
    list.push(...regions(own, input.member, 'region'), ...clickMarks(own, input.member, input.image, here, placed));
  if (input.taskBoxes && own !== undefined && input.screen === null) list.push(...taskMarks(own));
  return { list, unknown: [...unknown], reasons: [...reasons] };
}

type Placer = (raw: Box, rollout: BoxOwner, field: FrameField) => Box | null;

function truthMarks(rollout: Rollout, placed: Placer): Mark[] {
  return rollout.truthBoxes.map(({ box, label }, index) => ({
    id: truthId(index),
    kind: 'truth',
    member: null,
    number: 'gt',
    label,
    raw: box,
    box: placed(box, rollout, 'groundTruth'),
  }));
}

/** What cannot be placed of another run is left out: its own editor says why. */
function guestMarks(rollouts: readonly Rollout[], placer: BoxPlacer, image: Size): Mark[] {
  return rollouts.flatMap((rollout, member) =>
    rollout.regions.flatMap((region): Mark[] => {
      const found = region.view === 0 ? placer.place(region.box, rollout, region.field, image) : null;
      if (found?.kind !== 'placed') return [];
      const { label, box: raw } = region;
      const number = `B${member + 1}·${region.index + 1}`;
      return [{ id: `g${member}:${region.index}`, kind: 'guest', member: null, number, label, raw, box: found.box }];
    }),
  );
}

function taskMarks(rollout: Rollout): Mark[] {
  return rollout.taskBoxes.map((box, index) => ({
    id: `k${index}`,
    kind: 'task',
    member: null,
    number: '',
    label: 'task model',
    raw: box,
    box,
  }));
}

interface RegionsOf {
  readonly rollout: Rollout;
  readonly member: number;
  readonly kind: 'region' | 'sibling';
  readonly steps: readonly ZoomStep[];
  readonly here: (of: { readonly turn: number; readonly view?: number }) => boolean;
  /** The view of the frame on show; null where no frame is. */
  readonly frameView: number | null;
  readonly meant: boolean;
}

/** Boxes of calls as they were run, all others where their frame places them. */
function regionMarks(
  { rollout, member, kind, steps, here, frameView, meant }: RegionsOf,
  placed: Placer,
): { readonly marks: readonly Mark[]; readonly reasons: readonly string[] } {
  const byRegion = new Map(steps.map((step) => [step.region, step]));
  const reasons: string[] = [];
  const marks = rollout.regions.filter(here).flatMap((region): Mark[] => {
    const step = byRegion.get(region.index);
    const mark = {
      id: regionId(member, region.index),
      kind,
      member,
      number: kind === 'region' ? String(region.index + 1) : `${member + 1}·${region.index + 1}`,
      label: region.label,
      raw: region.box,
    };
    // A box of a crop has its place only through the zoom chain.
    if (step === undefined) {
      const known = region.view === 0 || region.view === frameView;
      return [{ ...mark, box: known ? placed(region.box, rollout, region.field) : null }];
    }
    const { status } = step;
    if (status.kind === 'executed') return executedMarks(mark, step, meant);
    if (status.kind !== 'unplaced') return [{ ...mark, box: step.meant, failed: status.reason }];
    if (region.view > 0 || placed(region.box, rollout, region.field) !== null) reasons.push(status.reason);
    return [{ ...mark, box: null }];
  });
  return { marks, reasons };
}

function executedMarks(mark: Omit<Mark, 'box'>, { executed, meant }: ZoomStep, both: boolean): Mark[] {
  if (executed === null || meant === null || close(executed, meant)) return [{ ...mark, box: executed }];
  const cut: Mark = { ...mark, box: executed, executed: true };
  if (!both || mark.kind !== 'region') return [cut];
  return [{ ...mark, id: `m${mark.id}`, kind: 'meant', number: '', box: meant }, cut];
}

/** Cut to whole pixels only: nobody could tell the two boxes apart. */
function close(a: Box, b: Box): boolean {
  return [a.x1 - b.x1, a.y1 - b.y1, a.x2 - b.x2, a.y2 - b.y2].every((by) => Math.abs(by) < 1.5);
}

export const clickId = (member: number, index: number): string => `c${member}:${index}`;

function clickMarks(
  rollout: Rollout,
  member: number,
  image: Size | null,
  here: RegionsOf['here'],
  placed: Placer,
): Mark[] {
  const logged = clicksAreLogged(rollout);
  return clicksOf(rollout)
    .filter(here)
    .map((click): Mark => {
      const { index, x, y, positive, text } = click;
      const raw = { x1: x, y1: y, x2: x, y2: y };
      const box = logged ? image && raw : placed(raw, rollout, text?.field ?? 'prediction');
      return {
        id: clickId(member, index),
        kind: 'click',
        member,
        number: String(index + 1),
        label: null,
        raw,
        box,
        sign: positive,
      };
    });
}

/** What the canvas draws of the marks; one without a place is left to the lists beside it. */
export function canvasRegions(marks: readonly Mark[]): CanvasRegion[] {
  return marks.flatMap((mark) => {
    if (mark.box === null) return [];
    const title = titleOf(mark);
    return [{ id: mark.id, box: mark.box, number: mark.number, title, ...look(mark) }];
  });
}

function look(mark: Mark): Pick<CanvasRegion, 'palette' | 'stroke' | 'emphasis' | 'point'> {
  switch (mark.kind) {
    case 'region':
      return { palette: 0, stroke: mark.failed === undefined ? 'solid' : 'dashed', emphasis: 'strong' };
    case 'sibling':
      return {
        palette: siblingPalette(mark.member ?? 0),
        stroke: mark.failed === undefined ? 'solid' : 'dashed',
        emphasis: 'normal',
      };
    case 'meant':
      return { palette: 0, stroke: 'dotted', emphasis: 'dim' };
    case 'logged':
      return { palette: mark.member === null ? 9 : 0, stroke: 'dotted', emphasis: 'dim' };
    case 'click':
      return { palette: 0, stroke: 'solid', emphasis: 'strong', point: pointOf(mark.sign ?? null) };
    case 'truth':
      return { palette: 9, stroke: 'dashed', emphasis: 'normal' };
    case 'guest':
      return { palette: 8, stroke: 'dotted', emphasis: 'normal' };
    case 'task':
      return { palette: 10, stroke: 'dotted', emphasis: 'normal' };
  }
}

function pointOf(sign: boolean | null): NonNullable<CanvasRegion['point']> {
  return sign === null ? 'plain' : sign ? 'plus' : 'minus';
}

function titleOf(mark: Mark): string {
  const label = mark.label ?? '';
  const named = (name: string) => (label === '' ? name : `${name}: ${label}`);
  const edited = mark.edited === undefined ? '' : ' (edited)';
  if (mark.kind === 'truth') return `${named('ground truth')}${edited}`;
  if (mark.kind === 'logged') return named('as logged, before it was edited');
  if (mark.kind === 'guest') return named('other run');
  if (mark.kind === 'meant') return named('as meant, before the tool cut it');
  if (mark.kind === 'click') return mark.sign === null ? 'click' : mark.sign ? 'positive click' : 'negative click';
  const failed = mark.failed === undefined ? '' : ` (not cropped: ${mark.failed})`;
  const cut = mark.executed ? ' (as the tool cut it)' : '';
  const name = mark.kind === 'sibling' ? named(`rollout ${(mark.member ?? 0) + 1}`) : label;
  return `${name}${edited}${cut}${failed}`.trim();
}
