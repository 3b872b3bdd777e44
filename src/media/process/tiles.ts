import type { Size } from '../../core/geometry/box';
import { pyramidLevels, type TilePlace, tileCut } from '../../core/geometry/tilePyramid';
import { UserError } from '../../core/text/userError';
import type { Sharp } from './decoder';
import type { Layers } from './pyramids';

/** One tile as WebP. Throws a `UserError` for a place outside of the pyramid. */
export async function renderTile(sharp: Sharp, layers: Layers, place: TilePlace): Promise<Uint8Array> {
  const { x1: left, y1: top, ...corner } = cutIn(layers, place);
  return sharp(layers.path, { limitInputPixels: false, failOn: 'truncated', ...layers.levels[place.level]?.input })
    .extract({ left, top, width: corner.x2 - left, height: corner.y2 - top })
    .toColourspace('srgb')
    .webp({ quality: 85, effort: 1 })
    .toBuffer();
}

export function tileSize(layers: Layers, place: TilePlace): Size {
  const { x1, y1, x2, y2 } = cutIn(layers, place);
  return { width: x2 - x1, height: y2 - y1 };
}

function cutIn({ path, levels }: Layers, place: TilePlace) {
  const cut = tileCut(pyramidLevels(levels.map(({ size }) => size)), place);
  if (cut === null) throw new UserError(`${path}: has no tile ${place.level}/${place.column}/${place.row}`);
  return cut;
}
