/**
 * A closed line with fewer corners: none of those left out lies farther from it than `tolerance` (Ramer, Douglas and Peucker, in the
 * two halves between the first corner and the one farthest from it). Null for a line that encloses less than `tolerance` pixels.
 * @param loop corners x, y in turn, in pixels (`outlineOf`).
 */
export function simplifiedLoop(loop: Float32Array, tolerance: number): Float32Array | null {
  const count = loop.length / 2;
  if (Math.abs(areaOf(loop)) < tolerance) return null;
  if (count <= 4) return loop;
  let opposite = 0;
  for (let i = 1, most = 0; i < count; i++) {
    const far = Math.hypot(xOf(loop, i) - xOf(loop, 0), yOf(loop, i) - yOf(loop, 0));
    if (far > most) [most, opposite] = [far, i];
  }
  const kept = new Uint8Array(count);
  kept[0] = 1;
  kept[opposite] = 1;
  // Index `count` is the first corner again.
  const spans: [number, number][] = [
    [0, opposite],
    [opposite, count],
  ];
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [from, to] = span;
    const at = farthest(loop, from, to, tolerance);
    if (at === null) continue;
    kept[at] = 1;
    spans.push([from, at], [at, to]);
  }
  const corners: number[] = [];
  for (let i = 0; i < count; i++) if (kept[i] === 1) corners.push(xOf(loop, i), yOf(loop, i));
  return corners.length < 6 ? null : Float32Array.from(corners);
}

/** The corner between two that lies farthest from the line through them; null when none is beyond the tolerance. */
function farthest(loop: Float32Array, from: number, to: number, tolerance: number): number | null {
  const count = loop.length / 2;
  const [x, y] = [xOf(loop, from), yOf(loop, from)];
  const [dx, dy] = [xOf(loop, to % count) - x, yOf(loop, to % count) - y];
  const squared = dx * dx + dy * dy;
  let [most, found] = [tolerance, -1];
  for (let i = from + 1; i < to; i++) {
    const [px, py] = [xOf(loop, i) - x, yOf(loop, i) - y];
    const along = squared === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / squared));
    const far = Math.hypot(px - along * dx, py - along * dy);
    if (far > most) [most, found] = [far, i];
  }
  return found < 0 ? null : found;
}

function areaOf(loop: Float32Array): number {
  const count = loop.length / 2;
  let twice = 0;
  for (let i = 0; i < count; i++) {
    const next = (i + 1) % count;
    twice += xOf(loop, i) * yOf(loop, next) - xOf(loop, next) * yOf(loop, i);
  }
  return twice / 2;
}

const xOf = (loop: Float32Array, i: number): number => loop[2 * i] ?? 0;
const yOf = (loop: Float32Array, i: number): number => loop[2 * i + 1] ?? 0;
