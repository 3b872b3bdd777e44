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

/** Longer side up to which a picture is a thumbnail: hundreds of them are kept. */
const thumbnailSide = 512;

/** Pictures that came back to policies, decoded: the last ones shown. */
export class Views {
  /** Null where the log kept no bytes. */
  private readonly thumbnails = new Lru<string, Picture | null>(400);
  private readonly large = new Lru<string, Picture | null>(24);
  /** Images in full resolution, decoded here: they serve every size. */
  private readonly whole = new Lru<string, Picture>(8);

  constructor(private readonly fetch: (request: ViewRequest, signal: AbortSignal) => Promise<Paint | null>) {}

  /** What is at hand: null where the log kept nothing, undefined where it was not asked for yet. */
  get(request: ViewRequest): Picture | null | undefined {
    const whole = request.box === null ? this.whole.get(nameOf(request)) : undefined;
    return whole ?? this.storeOf(request).get(keyOf(request));
  }

  /** Null where the log left the picture's bytes out. Rejects with the host's message when it cannot be had. */
  async load(request: ViewRequest, signal: AbortSignal): Promise<Picture | null> {
    const there = this.get(request);
    if (there !== undefined) return there;
    const paint = await this.fetch(request, signal);
    const picture = paint === null ? null : await decodePaint(paint, request.box);
    if (picture?.whole) this.whole.set(nameOf(request), picture);
    else this.storeOf(request).set(keyOf(request), picture);
    return picture;
  }

  /** Images were looked up anew: what was not found may be there now. */
  clear(): void {
    for (const store of [this.thumbnails, this.large, this.whole]) store.clear();
  }

  private storeOf({ maxSide }: ViewRequest): Lru<string, Picture | null> {
    return maxSide <= thumbnailSide ? this.thumbnails : this.large;
  }
}

const nameOf = ({ row, observation }: ViewRequest): string => `${row}:${observation}`;

function keyOf(request: ViewRequest): string {
  const { box, maxSide } = request;
  return `${nameOf(request)}:${maxSide}:${box === null ? '' : [box.x1, box.y1, box.x2, box.y2].join(',')}`;
}
