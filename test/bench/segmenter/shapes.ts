import type { Random } from '../../../scripts/samples/random';

/** How deep inside a shape a point is, in pixels, roughly; negative outside. */
export type Shape = (x: number, y: number) => number;

const union =
  (shapes: readonly Shape[]): Shape =>
  (x, y) =>
    Math.max(...shapes.map((shape) => shape(x, y)));

/** A closed curve around (0, 0) whose radius is a sum of waves. */
function blob(random: Random, radius: number, wildness: number): Shape {
  const waves = Array.from({ length: 6 }, (_, i) => ({
    strength: (random.normal() * wildness) / (i + 1),
    phase: random.between(0, 2 * Math.PI),
  }));
  const stretch = random.between(0.6, 1.5);
  return (x, y) => {
    const [u, v] = [x / stretch, y * stretch];
    const angle = Math.atan2(v, u);
    const wave = waves.reduce((sum, { strength, phase }, i) => sum + strength * Math.sin((i + 1) * angle + phase), 0);
    return radius * Math.max(0.35, 1 + wave) - Math.hypot(u, v);
  };
}

/** A convex polygon with `sides` corners on a circle. */
function polygon(random: Random, radius: number, sides: number): Shape {
  const turn = random.between(0, 2 * Math.PI);
  const angles = Array.from(
    { length: sides },
    (_, i) => turn + ((i + random.between(-0.3, 0.3)) * 2 * Math.PI) / sides,
  );
  const corners = angles.map((angle) => [radius * Math.cos(angle), radius * Math.sin(angle)] as const);
  const edges = corners.map(([x, y], i) => {
    const [u, v] = corners[(i + 1) % sides] ?? [0, 0];
    const length = Math.hypot(u - x, v - y) || 1;
    return { x, y, nx: -(v - y) / length, ny: (u - x) / length };
  });
  return (x, y) => Math.min(...edges.map((edge) => (x - edge.x) * edge.nx + (y - edge.y) * edge.ny));
}

/** A line from (x1, y1) to (x2, y2) that is thinner at its end. */
function limb(x1: number, y1: number, x2: number, y2: number, from: number, to: number): Shape {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = dx * dx + dy * dy || 1;
  return (x, y) => {
    const t = Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / length));
    return from + (to - from) * t - Math.hypot(x - x1 - t * dx, y - y1 - t * dy);
  };
}

/** A body with a head and thin legs or a tail. */
function animal(random: Random, radius: number): Shape {
  const parts = [blob(random, radius * 0.62, 0.12)];
  for (let i = random.integer(2, 5); i > 0; i--) {
    const angle = random.between(0, 2 * Math.PI);
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const reach = radius * random.between(0.8, 1.25);
    const bend = angle + random.between(-0.7, 0.7);
    const width = radius * random.between(0.05, 0.16);
    const [x, y] = [c * reach, s * reach];
    parts.push(limb(c * radius * 0.3, s * radius * 0.3, x, y, width * 1.3, width));
    const tip = radius * 0.35;
    parts.push(limb(x, y, x + Math.cos(bend) * tip, y + Math.sin(bend) * tip, width, width * 0.6));
  }
  const angle = random.between(0, 2 * Math.PI);
  const head = blob(random, radius * random.between(0.2, 0.35), 0.1);
  const [x, y] = [Math.cos(angle) * radius * 0.75, Math.sin(angle) * radius * 0.75];
  parts.push((u, v) => head(u - x, v - y));
  return union(parts);
}

/** A mug: a body with a handle, through whose hole one sees the background. */
function mug(random: Random, radius: number): Shape {
  const body = polygon(random, radius * 0.75, 4);
  const outer = radius * random.between(0.4, 0.55);
  const wall = outer * random.between(0.25, 0.45);
  const handle: Shape = (x, y) => wall / 2 - Math.abs(Math.hypot(x - radius * 0.65, y) - outer + wall / 2);
  return union([body, handle]);
}

/** A shape of about `radius` around (0, 0). */
export function anyShape(random: Random, radius: number): Shape {
  switch (random.pick(['blob', 'wild', 'polygon', 'animal', 'animal', 'mug', 'cluster'] as const)) {
    case 'blob':
      return blob(random, radius * 0.9, 0.12);
    case 'wild':
      return blob(random, radius * 0.85, 0.35);
    case 'polygon':
      return polygon(random, radius, random.integer(3, 7));
    case 'animal':
      return animal(random, radius);
    case 'mug':
      return mug(random, radius);
    case 'cluster': {
      const parts = Array.from({ length: random.integer(2, 4) }, () => {
        const part = random.next() < 0.5 ? blob(random, radius * 0.5, 0.15) : polygon(random, radius * 0.55, 5);
        const [x, y] = [random.between(-0.4, 0.4) * radius, random.between(-0.4, 0.4) * radius];
        return (u: number, v: number) => part(u - x, v - y);
      });
      return union(parts);
    }
  }
}
