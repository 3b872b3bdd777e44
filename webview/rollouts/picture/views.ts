import { Lru } from '../../../src/core/collections/lru';
import type { Box } from '../../../src/core/geometry/box';
import type { Paint } from '../../../src/protocol/rollouts';
import { decodePaint, type Picture } from './decode';

export interface ViewRequest {
  readonly row: number;
  readonly observation: number;
  /** Pixels of the view itself; null for all of it. */
  readonly box: Box | null;
  readonly maxSide: number;
}

/** Pictures that came back to policies, decoded: the last ones shown. */
export class Views {
  private readonly known = new Lru<string, Picture | null>(160);

  constructor(private readonly fetch: (request: ViewRequest, signal: AbortSignal) => Promise<Paint | null>) {}

  /** What is at hand: null where the log kept nothing, undefined where it was not asked for yet. */
  get(request: ViewRequest): Picture | null | undefined {
    return this.known.get(keyOf(request));
  }

  /** Null where the log left the picture's bytes out. Rejects with the host's message when it cannot be had. */
  async load(request: ViewRequest, signal: AbortSignal): Promise<Picture | null> {
    const key = keyOf(request);
    const there = this.known.get(key);
    if (there !== undefined) return there;
    const paint = await this.fetch(request, signal);
    const picture = paint === null ? null : await decodePaint(paint, request.box);
    this.known.set(key, picture);
    return picture;
  }

  /** Images were looked up anew: what was not found may be there now. */
  clear(): void {
    this.known.clear();
  }
}

function keyOf({ row, observation, box, maxSide }: ViewRequest): string {
  return `${row}:${observation}:${maxSide}:${box === null ? '' : [box.x1, box.y1, box.x2, box.y2].join(',')}`;
}
