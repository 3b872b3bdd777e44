import type { Box, Size } from '../../../src/core/geometry/box';
import type { FrameChoice, FrameField } from '../../../src/core/geometry/frame';
import type { Rollout } from '../../../src/core/trajectory/rollout';
import type { CanvasRegion } from '../../canvas/imageCanvas';
import { type BoxOwner, BoxPlacer } from '../store/frames';

/** A box that can be drawn, hovered and stepped to, with its place in the original image where that is known. */
export interface Mark {
  readonly id: string;
  readonly kind: 'region' | 'sibling' | 'truth' | 'task';
  /** 0-based member of the group; null for what belongs to the image. */
  readonly member: number | null;
  /** Short text on the badge. */
  readonly number: string;
  readonly label: string | null;
  /** As written, in its own frame. */
  readonly raw: Box;
  /** Pixels of the original; null when it cannot be placed. */
  readonly box: Box | null;
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
  /** Stored size of the image; null while it is not known, which leaves every box unplaced. */
  readonly image: Size | null;
}

export const regionId = (member: number, index: number): string => `r${member}:${index}`;

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
  const list: Mark[] = [];
  if (input.truth && own !== undefined) list.push(...truthMarks(own, placed));
  for (const member of [...input.siblings].sort((a, b) => a - b)) {
    const rollout = input.rollouts[member];
    if (rollout !== undefined && member !== input.member) list.push(...regionMarks(rollout, member, 'sibling', placed));
  }
  if (own !== undefined) list.push(...regionMarks(own, input.member, 'region', placed));
  if (input.taskBoxes && own !== undefined) list.push(...taskMarks(own));
  return { list, unknown: [...unknown], reasons: [...reasons] };
}

type Placer = (raw: Box, rollout: BoxOwner, field: FrameField) => Box | null;

function truthMarks(rollout: Rollout, placed: Placer): Mark[] {
  return rollout.truthBoxes.map(({ box, label }, index) => ({
    id: `t${index}`,
    kind: 'truth',
    member: null,
    number: 'gt',
    label,
    raw: box,
    box: placed(box, rollout, 'groundTruth'),
  }));
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

function regionMarks(rollout: Rollout, member: number, kind: 'region' | 'sibling', placed: Placer): Mark[] {
  return rollout.regions.map((region) => ({
    id: regionId(member, region.index),
    kind,
    member,
    number: kind === 'region' ? String(region.index + 1) : `${member + 1}·${region.index + 1}`,
    label: region.label,
    raw: region.box,
    // A box of a crop has its place only through the zoom chain.
    box: region.view === 0 ? placed(region.box, rollout, region.field) : null,
  }));
}

/** What the canvas draws of the marks; one without a place is left to the lists beside it. */
export function canvasRegions(marks: readonly Mark[]): CanvasRegion[] {
  return marks.flatMap((mark) => {
    if (mark.box === null) return [];
    const title = titleOf(mark);
    return [{ id: mark.id, box: mark.box, number: mark.number, title, ...look(mark) }];
  });
}

function look(mark: Mark): Pick<CanvasRegion, 'palette' | 'stroke' | 'emphasis'> {
  switch (mark.kind) {
    case 'region':
      return { palette: 0, stroke: 'solid', emphasis: 'strong' };
    case 'sibling':
      return { palette: siblingPalette(mark.member ?? 0), stroke: 'solid', emphasis: 'normal' };
    case 'truth':
      return { palette: 9, stroke: 'dashed', emphasis: 'normal' };
    case 'task':
      return { palette: 10, stroke: 'dotted', emphasis: 'normal' };
  }
}

function titleOf(mark: Mark): string {
  const label = mark.label ?? '';
  if (mark.kind === 'truth') return label === '' ? 'ground truth' : `ground truth: ${label}`;
  if (mark.kind === 'sibling') return `rollout ${(mark.member ?? 0) + 1}${label === '' ? '' : `: ${label}`}`;
  return label;
}
