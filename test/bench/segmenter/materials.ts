import type { Random } from '../../../scripts/samples/random';

/** Red, green and blue, 0–255, of a surface at a point in pixels. */
export type Material = (x: number, y: number) => readonly [number, number, number];
type Rgb = readonly [number, number, number];

/** Smooth noise in 0–1 of a lattice with cells of one unit. */
export function latticeNoise(seed: number): (x: number, y: number) => number {
  const corner = (x: number, y: number) => {
    let h = Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(seed, 1274126177);
    h = Math.imul(h ^ (h >>> 13), 1103515245);
    return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
  };
  const ease = (t: number) => t * t * (3 - 2 * t);
  return (x, y) => {
    const [cx, cy] = [Math.floor(x), Math.floor(y)];
    const [u, v] = [ease(x - cx), ease(y - cy)];
    const upper = corner(cx, cy) * (1 - u) + corner(cx + 1, cy) * u;
    const lower = corner(cx, cy + 1) * (1 - u) + corner(cx + 1, cy + 1) * u;
    return upper * (1 - v) + lower * v;
  };
}

/** Octaves of noise, each half as large and strong as the one before; about 0–1. */
export function fractalNoise(seed: number, octaves: number): (x: number, y: number) => number {
  const layers = Array.from({ length: octaves }, (_, i) => latticeNoise(seed * 31 + i));
  const total = 2 - 2 ** (1 - octaves);
  return (x, y) => layers.reduce((sum, layer, i) => sum + layer(x * 2 ** i, y * 2 ** i) / 2 ** i, 0) / total;
}

/** A colour by hue in turns, saturation and value in 0–1. */
function hsv(hue: number, saturation: number, value: number): Rgb {
  const channel = (n: number) => {
    const k = (n + hue * 6) % 6;
    return 255 * value * (1 - saturation * Math.max(0, Math.min(k, 4 - k, 1)));
  };
  return [channel(5), channel(3), channel(1)];
}

/** A colour as photos have them: muted more often than not. */
export function anyColour(random: Random): Rgb {
  return hsv(random.next(), random.next() ** 1.6 * 0.85, 0.18 + 0.75 * random.next());
}

/** A colour near another one, `apart` in 0–255. */
export function nearColour(random: Random, colour: Rgb, apart: number): Rgb {
  const clamp = (value: number) => Math.max(4, Math.min(250, value));
  const common = random.normal() * apart * 0.7;
  return [0, 1, 2].map((i) => clamp((colour[i] ?? 0) + common + random.normal() * apart * 0.6)) as unknown as Rgb;
}

const between = (a: Rgb, b: Rgb, t: number): Rgb => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];

/** A texture of two or three colours around `base`: cloudy, grainy, striped, spotted or plain. */
export function anyMaterial(random: Random, base: Rgb): Material {
  const seed = random.integer(1, 1e6);
  const spread = random.between(8, 45);
  const [second, third] = [nearColour(random, base, spread), nearColour(random, base, spread * 1.5)];
  const size = 2 ** random.between(2.5, 6.5);
  const cloud = fractalNoise(seed, 4);
  const grain = latticeNoise(seed + 7);
  const roughness = random.next() ** 2 * 30;
  const pattern = random.pick(['cloud', 'cloud', 'stripes', 'spots', 'plain', 'mix'] as const);
  const angle = random.between(0, Math.PI);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const sharp = random.between(1, 5);
  const steep = (t: number) => Math.max(0, Math.min(1, 0.5 + (t - 0.5) * sharp));
  const blend = (x: number, y: number): Rgb => {
    const t = cloud(x / size, y / size);
    switch (pattern) {
      case 'plain':
        return between(base, second, 0.3 * t);
      case 'cloud':
        return between(base, second, steep(t));
      case 'stripes':
        return between(base, second, steep(0.5 + 0.5 * Math.sin(((x * c + y * s) / size) * 5 + 4 * t)));
      case 'spots':
        return between(base, third, steep(Math.sin((x / size) * 5 + 3 * t) * Math.sin((y / size) * 5 - 3 * t)));
      case 'mix':
        return between(between(base, second, steep(t)), third, steep(cloud(y / size + 9, x / size)) * 0.7);
    }
  };
  return (x, y) => {
    const [r, g, b] = blend(x, y);
    const rough = (grain(x / 1.7, y / 1.7) - 0.5) * 2 * roughness;
    return [r + rough, g + rough, b + rough];
  };
}
