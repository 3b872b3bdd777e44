/** One of a policy's addresses. */
interface Place<T> {
  readonly client: T;
  busy: number;
  /** Until then only asked when every other rests too; milliseconds since the epoch. */
  restsUntil: number;
}

/** How long an address rests that gave no answer, in milliseconds. */
const rest = 5_000;

/** Spreads calls over addresses: the least busy one that did not just fail. */
export class Balance<T> {
  private readonly places: Place<T>[];
  private last = 0;

  constructor(clients: readonly T[]) {
    this.places = clients.map((client) => ({ client, busy: 0, restsUntil: 0 }));
  }

  /** `lost` tells of an error whether the address itself gave no answer. */
  async use<R>(work: (client: T) => Promise<R>, lost: (error: unknown) => boolean): Promise<R> {
    const place = this.pick();
    place.busy++;
    try {
      return await work(place.client);
    } catch (error) {
      if (lost(error)) place.restsUntil = Date.now() + rest;
      throw error;
    } finally {
      place.busy--;
    }
  }

  private pick(): Place<T> {
    const now = Date.now();
    const awake = this.places.filter(({ restsUntil }) => restsUntil <= now);
    const choice = awake.length > 0 ? awake : this.places;
    const least = Math.min(...choice.map(({ busy }) => busy));
    const idle = choice.filter(({ busy }) => busy === least);
    const found = idle[this.last++ % idle.length];
    if (found === undefined) throw new Error('a policy without an address');
    return found;
  }
}
