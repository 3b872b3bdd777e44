/**
 * Pictures that are a little like photos, with the exact mask of one object: textured things before textured, cluttered
 * backgrounds, shaded, blurred, noisy, some of the object's colours near the background's, some objects with thin parts, holes
 * or other things before them.
 */
import { type Random, seeded } from '../../../scripts/samples/random';
import type { Size } from '../../../src/core/geometry/box';
import { components } from '../../../src/core/mask/components';
import { anyColour, anyMaterial, fractalNoise, type Material, nearColour } from './materials';
import { anyShape, type Shape } from './shapes';

export interface TruthScene {
  readonly name: string;
  readonly size: Size;
  /** Row-major, four bytes a pixel. */
  readonly rgba: Uint8Array;
  /** Row-major, 1 in the object. */
  readonly truth: Uint8Array;
}

/** Seeds of these two ranges never meet: constants are chosen on one, and told on the other. */
export const sceneSeeds = { tune: 100_000, test: 900_000 } as const;

/** Something that hides what is behind it where its shape is positive. */
interface Layer {
  /** Its middle, and how far from it the shape may reach. */
  readonly x: number;
  readonly y: number;
  readonly reach: number;
  readonly shape: Shape;
  readonly paint: Material;
}

const layerAt = ({ x, y }: { x: number; y: number }, shape: Shape, radius: number, paint: Material): Layer => ({
  x,
  y,
  reach: radius * 2,
  shape: moved(shape, x, y),
  paint,
});

export function scene(seed: number): TruthScene {
  return firstScene(seed, ordinary);
}

/** One whose object is small in a larger picture. */
export function smallScene(seed: number): TruthScene {
  return firstScene(seed, small);
}

/** What scenes of a kind have in common. */
interface Kind {
  readonly sizes: readonly Size[];
  /** Of the object, in shorter sides. */
  readonly radius: readonly [from: number, to: number];
  /** Share of the picture that has to be seen of it. */
  readonly leastArea: number;
}

const ordinary: Kind = {
  sizes: [
    { width: 480, height: 320 },
    { width: 480, height: 360 },
    { width: 360, height: 480 },
  ],
  radius: [0.16, 0.4],
  leastArea: 0.015,
};
const small: Kind = { sizes: [{ width: 800, height: 600 }], radius: [0.03, 0.08], leastArea: 0.0006 };

function firstScene(seed: number, kind: Kind): TruthScene {
  for (let attempt = 0; ; attempt++) {
    const made = attemptScene(seed, seeded(seed * 64 + attempt), kind);
    if (made !== null) return made;
  }
}

/** Null when too little of the object is seen, or it fell into pieces. */
function attemptScene(seed: number, random: Random, { sizes, radius: radii, leastArea }: Kind): TruthScene | null {
  const size = random.pick(sizes);
  const ground = background(random, size);
  const radius = random.between(...radii) * Math.min(size.width, size.height);
  const centre = { x: random.between(0.25, 0.75) * size.width, y: random.between(0.25, 0.75) * size.height };
  const near = ground(centre.x, centre.y);
  const base = random.next() < 0.35 ? nearColour(random, near, 35) : anyColour(random);
  const object = layerAt(centre, anyShape(random, radius), radius, patched(random, base, radius, centre));
  const behind = Array.from({ length: random.integer(0, 6) }, () => clutter(random, size, near));
  const before = random.next() < 0.25 ? [clutter(random, size, near)] : [];
  const layers = [...behind, object, ...before];

  const { width, height } = size;
  const light = illumination(random, size);
  const shadow = {
    x: random.between(-0.15, 0.15) * radius,
    y: random.between(0, 0.2) * radius,
    depth: random.between(0, 0.5),
  };
  const shading = (top: Layer | null, u: number, v: number) => {
    if (top !== null) return 0.75 + 0.25 * Math.min(1, (top.shape(u, v) * 4) / top.reach);
    return object.shape(u - shadow.x, v - shadow.y) > 0 ? 1 - shadow.depth : 1;
  };
  const colours = new Float32Array(width * height * 3);
  const covered = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      // Four samples a pixel; a pixel belongs to the object when most of them do.
      const near = layers.filter(({ x: cx, y: cy, reach }) => Math.hypot(x - cx, y - cy) < reach);
      let last: Layer | null | undefined;
      let colour: readonly number[] = [];
      for (let sample = 0; sample < 4; sample++) {
        const [u, v] = [x + 0.25 + 0.5 * (sample % 2), y + 0.25 + 0.5 * (sample >> 1)];
        const top = near.findLast((layer) => layer.shape(u, v) > 0) ?? null;
        if (top === object) covered[at] = (covered[at] ?? 0) + 1;
        if (top !== last) colour = lit((top?.paint ?? ground)(u, v), light(u, v) * shading(top, u, v));
        last = top;
        for (let c = 0; c < 3; c++) colours[at * 3 + c] = (colours[at * 3 + c] ?? 0) + (colour[c] ?? 0) / 4;
      }
    }
  }
  const truth = covered.map((samples) => (samples >= 3 ? 1 : 0));
  const pieces = components(truth, size).areas.slice(1);
  const area = pieces.reduce((sum, piece) => sum + piece, 0);
  if (area < leastArea * width * height || Math.max(...pieces) < 0.9 * area) return null;
  return { name: `scene-${seed}`, size, rgba: exposed(random, colours, size), truth };
}

const lit = (colour: readonly number[], bright: number) => colour.map((value) => value * bright);

const moved =
  (shape: Shape, x: number, y: number): Shape =>
  (u, v) =>
    shape(u - x, v - y);

/** Regions with borders bent by noise, each of its own material. */
function background(random: Random, { width, height }: Size): Material {
  const regions = Array.from({ length: random.integer(1, 5) }, () => ({
    x: random.between(0, width),
    y: random.between(0, height),
    paint: anyMaterial(random, anyColour(random)),
  }));
  const bend = fractalNoise(random.integer(1, 1e6), 4);
  return (x, y) => {
    const [u, v] = [x + 120 * (bend(x / 90, y / 90) - 0.5), y + 120 * (bend(y / 90 + 31, x / 90) - 0.5)];
    let nearest = regions[0];
    let least = Number.POSITIVE_INFINITY;
    for (const region of regions) {
      const distance = (u - region.x) ** 2 + (v - region.y) ** 2;
      if (distance < least) [nearest, least] = [region, distance];
    }
    return nearest?.paint(x, y) ?? [0, 0, 0];
  };
}

/** An object of one to three materials. */
function patched(random: Random, base: ReturnType<typeof anyColour>, radius: number, centre: { x: number; y: number }) {
  const first = anyMaterial(random, base);
  const patches = Array.from({ length: random.pick([0, 0, 1, 2]) }, () => ({
    shape: moved(
      anyShape(random, radius * random.between(0.3, 0.7)),
      centre.x + random.between(-0.6, 0.6) * radius,
      centre.y + random.between(-0.6, 0.6) * radius,
    ),
    paint: anyMaterial(random, random.next() < 0.5 ? nearColour(random, base, 50) : anyColour(random)),
  }));
  return (x: number, y: number) => (patches.find(({ shape }) => shape(x, y) > 0)?.paint ?? first)(x, y);
}

/** Another thing; a third of them are of colours like those around the object. */
function clutter(random: Random, { width, height }: Size, near: ReturnType<Material>): Layer {
  const radius = random.between(0.06, 0.25) * Math.min(width, height);
  const base = random.next() < 0.33 ? nearColour(random, near, 40) : anyColour(random);
  const place = { x: random.between(0, width), y: random.between(0, height) };
  return layerAt(place, anyShape(random, radius), radius, anyMaterial(random, base));
}

/** Light that changes slowly over the picture. */
function illumination(random: Random, { width, height }: Size): (x: number, y: number) => number {
  const noise = fractalNoise(random.integer(1, 1e6), 2);
  const strength = random.between(0, 0.6);
  return (x, y) => 1 - strength * noise((x / width) * 2.5, (y / height) * 2.5);
}

/** What a camera makes of it: blur, noise, 8 bits. */
function exposed(random: Random, colours: Float32Array, { width, height }: Size): Uint8Array {
  const blurs = random.integer(0, 3);
  let picture = colours;
  for (let i = 0; i < blurs; i++) picture = blurred(picture, width, height);
  const noise = random.between(1, 9);
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) {
    const grey = random.normal() * noise * 0.7;
    for (let c = 0; c < 3; c++) {
      const value = (picture[i * 3 + c] ?? 0) + grey + random.normal() * noise * 0.5;
      rgba[i * 4 + c] = Math.max(0, Math.min(255, Math.round(value)));
    }
  }
  return rgba;
}

/** One pass of [1 2 1]/4 along both axes. */
function blurred(from: Float32Array, width: number, height: number): Float32Array {
  const pass = (source: Float32Array, step: number, length: number, position: (i: number) => number) =>
    source.map((value, i) => {
      const at = position(i);
      const before = at > 0 ? (source[i - step] ?? 0) : value;
      const after = at < length - 1 ? (source[i + step] ?? 0) : value;
      return (before + 2 * value + after) / 4;
    });
  const across = pass(from, 3, width, (i) => Math.floor(i / 3) % width);
  return pass(across, width * 3, height, (i) => Math.floor(i / 3 / width));
}
