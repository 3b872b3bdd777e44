import type { Box, Size } from './box';

/** Pixels a side of a tile; those at the right and lower edge are smaller. */
export const TILE_SIDE = 512;

/** One resolution of a pyramid; level 0 is the image itself, each next one half of it (libvips rounds down). */
export interface PyramidLevel {
  readonly size: Size;
  readonly columns: number;
  readonly rows: number;
}

/** A tile's place in its pyramid. */
export interface TilePlace {
  readonly level: number;
  readonly column: number;
  readonly row: number;
}

/** Sizes of an image halved down to the first that is a single tile, the image itself first: as libvips writes a pyramid. */
export function halvedSizes(image: Size): readonly Size[] {
  const sizes: Size[] = [];
  for (let { width, height } = image; ; width = Math.max(1, width >> 1), height = Math.max(1, height >> 1)) {
    sizes.push({ width, height });
    if (width <= TILE_SIDE && height <= TILE_SIDE) return sizes;
  }
}

/** The tiles that levels of these sizes are cut into. */
export function pyramidLevels(sizes: readonly Size[]): readonly PyramidLevel[] {
  return sizes.map((size) => ({
    size,
    columns: Math.ceil(size.width / TILE_SIDE),
    rows: Math.ceil(size.height / TILE_SIDE),
  }));
}

/** The coarsest level that has a pixel for every one on screen; level 0 beyond. @param scale device pixels per image pixel. */
export function levelFor(levels: readonly PyramidLevel[], scale: number): number {
  const wanted = Math.floor(Math.log2(1 / scale) + 1e-6);
  return Math.min(levels.length - 1, Math.max(0, Number.isFinite(wanted) ? wanted : 0));
}

/** The tile's pixels in its level; null for a place outside of the pyramid. */
export function tileCut(levels: readonly PyramidLevel[], { level, column, row }: TilePlace): Box | null {
  const found = levels[level];
  if (found === undefined || !inRange(column, found.columns) || !inRange(row, found.rows)) return null;
  return {
    x1: column * TILE_SIDE,
    y1: row * TILE_SIDE,
    x2: Math.min(found.size.width, (column + 1) * TILE_SIDE),
    y2: Math.min(found.size.height, (row + 1) * TILE_SIDE),
  };
}

/** What of the image the tile shows, in its own pixels: halves were rounded down, so it may begin between two of them. */
export function tileBox(image: Size, levels: readonly PyramidLevel[], place: TilePlace): Box | null {
  const cut = tileCut(levels, place);
  const size = levels[place.level]?.size;
  if (cut === null || size === undefined) return null;
  const [perX, perY] = [image.width / size.width, image.height / size.height];
  return { x1: cut.x1 * perX, y1: cut.y1 * perY, x2: cut.x2 * perX, y2: cut.y2 * perY };
}

/** Tiles of a level that meet `visible` (image pixels), those nearest to its middle first. */
export function tilesIn(
  image: Size,
  levels: readonly PyramidLevel[],
  level: number,
  visible: Box,
): readonly TilePlace[] {
  const found = levels[level];
  if (found === undefined) return [];
  const across = (TILE_SIDE * image.width) / found.size.width;
  const down = (TILE_SIDE * image.height) / found.size.height;
  const from = {
    column: Math.max(0, Math.floor(visible.x1 / across)),
    row: Math.max(0, Math.floor(visible.y1 / down)),
  };
  const to = {
    column: Math.min(found.columns, Math.ceil(visible.x2 / across)),
    row: Math.min(found.rows, Math.ceil(visible.y2 / down)),
  };
  const places: TilePlace[] = [];
  for (let row = from.row; row < to.row; row++)
    for (let column = from.column; column < to.column; column++) places.push({ level, column, row });
  const middle = { x: (visible.x1 + visible.x2) / 2 / across, y: (visible.y1 + visible.y2) / 2 / down };
  const distance = ({ column, row }: TilePlace) => Math.hypot(column + 0.5 - middle.x, row + 0.5 - middle.y);
  return places.sort((a, b) => distance(a) - distance(b));
}

function inRange(value: number, count: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < count;
}
