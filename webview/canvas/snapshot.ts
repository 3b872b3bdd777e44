import type { Box, Size } from '../../src/core/geometry/box';
import type { BadgePlaces } from './badges';
import type { CanvasRegion, CanvasViewport } from './imageCanvas';
import { boxOfRow, type RegionTable } from './regionTable';
import type { HeldBox } from './tools/boxEdit';
import { boxOnScreen, type Point, type View } from './view';

/** What a test may know about a canvas. All screen positions are CSS pixels from the element's top left. */
export interface CanvasSnapshot {
  readonly size: Size | null;
  /** Parts of the original shown by the preview and the detail picture. */
  readonly preview: Box | null;
  readonly detail: Box | null;
  /** How many tiles are painted. */
  readonly tiles: number;
  /** How many masks lie over the picture. */
  readonly masks: number;
  /** A mask that is being made lies over them. */
  readonly maskInHand: boolean;
  readonly viewport: CanvasViewport;
  readonly devicePixelRatio: number;
  /** The whole image is shown and stays so through resizes. */
  readonly fitted: boolean;
  /** Everything is painted in full quality and nothing moves. */
  readonly settled: boolean;
  readonly hover: string | null;
  readonly selection: string | null;
  /** The region that can be changed, where it is in hand; null for none. */
  readonly held: HeldBox | null;
  readonly regions: readonly (CanvasRegion & {
    readonly screen: Box;
    /** Top left corner of the number, null where none is painted. */
    readonly badge: Point | null;
  })[];
}

/** Builds the snapshot from the canvas's own state. */
export function describeCanvas(
  state: Omit<CanvasSnapshot, 'regions'> & {
    readonly table: RegionTable;
    readonly badges: BadgePlaces;
    readonly view: View;
  },
): CanvasSnapshot {
  const { table, badges, view, ...rest } = state;
  const regions = table.regions.map((region, row) => ({
    ...region,
    screen: boxOnScreen(view, boxOfRow(table, row)),
    badge: badges.get(row) ?? null,
  }));
  return { ...rest, regions };
}
