import { seededRandom } from '../collections/seededRandom';

/** The numbers 0 … `count` − 1 in an order that the seed decides (Fisher–Yates). */
export function seededOrder(count: number, seed: number): readonly number[] {
  const random = seededRandom(seed);
  const order = Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}
