import { connect, createServer, type Socket } from 'node:net';

export interface LinkOptions {
  /** Port on the loopback address that the link leads to. */
  readonly port: number;
  /** Shared by all connections, in each direction; Infinity for no limit. */
  readonly bitsPerSecond: number;
  /** Milliseconds there and back, without what the bandwidth adds. */
  readonly roundTrip: number;
}

export interface SlowLink {
  readonly url: string;
  /** Bytes that went from the server to its clients since the link began. */
  received(): number;
  /** Holds every byte, both ways, until `thaw`. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** One direction of the link: bytes leave one after the other at its rate, and arrive half a round trip later. */
class Lane {
  private free = 0;
  bytes = 0;

  constructor(
    private readonly bytesPerMs: number,
    private readonly delay: number,
  ) {}

  /** Time at which `length` bytes given now have arrived. */
  arrival(length: number): number {
    this.bytes += length;
    this.free = Math.max(performance.now(), this.free) + length / this.bytesPerMs;
    return this.free + this.delay;
  }
}

/** Carries one socket's bytes over a lane, in order. Holds the sender back rather than the bytes in memory. */
function carry(from: Socket, to: Socket, lane: Lane, open: () => Promise<void>): void {
  const limit = 1_000_000;
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();
  from.on('data', (chunk: Buffer) => {
    waiting += chunk.length;
    if (waiting > limit) from.pause();
    const at = lane.arrival(chunk.length);
    last = last.then(async () => {
      const wait = at - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      await open();
      if (!to.destroyed) to.write(chunk);
      waiting -= chunk.length;
      if (waiting <= limit) from.resume();
    });
  });
  from.on('end', () => void last.then(() => to.end()));
  // A reset at one end is a reset at the other: nothing here to repair.
  from.on('error', () => to.destroy());
  from.on('close', () => void last.then(() => to.destroy()));
}

/** A TCP proxy on the loopback address that behaves like a slow line to a far machine. */
export async function slowLink({ port, bitsPerSecond, roundTrip }: LinkOptions): Promise<SlowLink> {
  const down = new Lane(bitsPerSecond / 8_000, roundTrip / 2);
  const up = new Lane(bitsPerSecond / 8_000, roundTrip / 2);
  const sockets = new Set<Socket>();
  let gate = Promise.resolve();
  let openGate = (): void => undefined;
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket.setNoDelay());
      socket.once('close', () => sockets.delete(socket));
    }
    carry(client, upstream, up, () => gate);
    carry(upstream, client, down, () => gate);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the link has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    received: () => down.bytes,
    freeze() {
      gate = new Promise((resolve) => {
        openGate = resolve;
      });
    },
    thaw: () => openGate(),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
