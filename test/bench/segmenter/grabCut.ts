import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { MaskClick } from '../../../src/core/click/annotator';
import type { Box, Size } from '../../../src/core/geometry/box';
import type { ClickedMask, ClickSegmenter } from './contest';

const script = resolve('test/bench/segmenter/grabCut.py');
/** Debian's own Python comes first: python3-opencv belongs to it, whatever else is called `python3`. */
const interpreters = ['/usr/bin/python3', 'python3'];

/** OpenCV's GrabCut in a Python process of its own. */
export class GrabCut implements ClickSegmenter {
  readonly name: string;
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly chunks: AsyncIterator<Buffer>;
  private waiting = Buffer.alloc(0);
  private size: Size = { width: 0, height: 0 };

  private constructor(interpreter: string, side: number) {
    this.name = `GrabCut at ${side} px`;
    this.child = spawn(interpreter, [script, String(side)], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.chunks = this.child.stdout[Symbol.asyncIterator]();
  }

  /** Null where no Python has OpenCV. @param side of the pictures it works on, in pixels. */
  static start(side: number): GrabCut | null {
    const found = interpreters.find((name) => spawnSync(name, ['-c', 'import cv2, numpy']).status === 0);
    return found === undefined ? null : new GrabCut(found, side);
  }

  async open(rgba: Uint8Array, size: Size): Promise<void> {
    this.size = size;
    this.child.stdin.write(`${JSON.stringify({ image: [size.width, size.height] })}\n`);
    this.child.stdin.write(rgba);
  }

  async segment(clicks: readonly MaskClick[], box: Box | null): Promise<ClickedMask> {
    const asked = {
      clicks: clicks.map(({ x, y, positive }) => [x, y, positive]),
      box: box === null ? null : [box.x1, box.y1, box.x2, box.y2],
    };
    this.child.stdin.write(`${JSON.stringify(asked)}\n`);
    let end = -1;
    for (; end < 0; end = this.waiting.indexOf(10)) await this.more();
    const { ms }: { ms: number } = JSON.parse(this.waiting.subarray(0, end).toString());
    const length = this.size.width * this.size.height;
    while (this.waiting.length < end + 1 + length) await this.more();
    const mask = new Uint8Array(this.waiting.subarray(end + 1, end + 1 + length));
    this.waiting = this.waiting.subarray(end + 1 + length);
    return { mask, ms };
  }

  stop(): void {
    this.child.stdin.end();
    this.child.kill();
  }

  private async more(): Promise<void> {
    const chunk = await this.chunks.next();
    if (chunk.done === true) throw new Error('GrabCut ended before its answer');
    this.waiting = Buffer.concat([this.waiting, chunk.value]);
  }
}
