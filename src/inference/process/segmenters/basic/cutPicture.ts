import { GridCut, neighbours } from './minCut';
import { label } from './seeds';
import type { WorkPicture } from './workPicture';

/** Capacities are whole numbers: this many to 1. */
const unit = 32;
/** More than any flow: what is known stays as it is. */
const surely = 1e8;

/**
 * The labelling of a picture's open pixels that costs least: `pulls` for and against each pixel's being object, and `strength`
 * for every two neighbours that are parted although they look alike (Boykov and Jolly 2001). How unlike is unlike is taken from
 * the mean difference of neighbours among the open pixels, as GrabCut does.
 * @param pulls logarithms of odds; above 0 towards the object.
 * @param known `label` of each pixel.
 * @returns 1 in the object.
 */
export function cutPicture(picture: WorkPicture, pulls: Float32Array, known: Uint8Array, strength: number): Uint8Array {
  const { width, height } = picture;
  const cut = new GridCut(width, height);
  const pairs = openPairs(picture, known);
  const falloff = pairs.count === 0 ? 0 : pairs.count / (2 * pairs.sum + 1e-9);
  const steps = neighbours(cut.stride);
  const offsets = neighbours(width);
  const fix = (i: number, p: number) => {
    if (known[i] !== label.open) cut.excess[p] = known[i] === label.object ? surely : -surely;
  };
  for (let k = 0; k < pairs.count; k++) {
    const at = pairs.pixel[k] ?? 0;
    const direction = pairs.direction[k] ?? 0;
    const x = at % width;
    const p = cut.index(x, (at - x) / width);
    const q = p + (steps[direction] ?? 0);
    const length = direction < 4 ? 1 : Math.SQRT1_2;
    const tie = Math.round(unit * strength * length * Math.exp(-falloff * (pairs.difference[k] ?? 0)));
    cut.ties[p * 8 + direction] = tie;
    cut.ties[q * 8 + (direction ^ 1)] = tie;
    fix(at, p);
    fix(at + (offsets[direction] ?? 0), q);
  }
  for (let i = 0; i < pulls.length; i++) {
    if (known[i] === label.open)
      cut.excess[cut.index(i % width, Math.floor(i / width))] = Math.round((pulls[i] ?? 0) * unit);
  }
  cut.solve();
  return known.map((value, i) => {
    if (value !== label.open) return value === label.object ? 1 : 0;
    return cut.isObject(cut.index(i % width, Math.floor(i / width))) ? 1 : 0;
  });
}

/** Neighbours of which at least one is open: the first one's pixel, the direction, and the squared difference of colours. */
function openPairs({ colours, width, height }: WorkPicture, known: Uint8Array) {
  const steps = neighbours(width);
  const pixel = new Int32Array(width * height * 4);
  const direction = new Uint8Array(width * height * 4);
  const difference = new Float32Array(width * height * 4);
  let count = 0;
  let sum = 0;
  for (let i = 0; i < known.length; i++) {
    const x = i % width;
    const isLast = i >= width * (height - 1);
    for (let d = 0; d < 8; d += 2) {
      if ((x === width - 1 && (d === 0 || d === 4)) || (x === 0 && d === 6) || (isLast && d > 0)) continue;
      const other = i + (steps[d] ?? 0);
      if (known[i] !== label.open && known[other] !== label.open) continue;
      const red = (colours[i * 3] ?? 0) - (colours[other * 3] ?? 0);
      const green = (colours[i * 3 + 1] ?? 0) - (colours[other * 3 + 1] ?? 0);
      const blue = (colours[i * 3 + 2] ?? 0) - (colours[other * 3 + 2] ?? 0);
      pixel[count] = i;
      direction[count] = d;
      difference[count] = red * red + green * green + blue * blue;
      sum += difference[count] ?? 0;
      count++;
    }
  }
  return { pixel, direction, difference, count, sum };
}
