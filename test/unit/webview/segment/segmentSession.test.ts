import { beforeEach, describe, expect, it } from 'vitest';
import { countsOf, runsOfPixels } from '../../../../src/core/mask/cocoMask';
import type { CanvasPrompt, SegmentReply } from '../../../../src/protocol/canvasSegment';
import { ChannelError } from '../../../../src/protocol/channel';
import type { ModelInfo } from '../../../../src/protocol/segment';
import { givenMask, SegmentSession } from '../../../../webview/segment/segmentSession';

const size = { width: 40, height: 30 };

/** The pixels from (0, 0) on, as many as said. */
function maskOf(count: number) {
  const pixels = new Uint8Array(size.width * size.height).fill(1, 0, count);
  return { size: [size.height, size.width] as const, counts: countsOf(runsOfPixels(pixels, size.width, size.height)) };
}

function info(id: string): ModelInfo {
  const files = { encoder: null, decoder: null, inputSize: null, bytes: 0 };
  return { id, title: `The ${id}`, dialect: id, ...files, feedback: true, boxes: true, precision: 'float32' };
}

interface Asked {
  readonly prompt: CanvasPrompt;
  readonly signal: AbortSignal;
  answer(...counts: number[]): Promise<void>;
  fail(error: unknown): Promise<void>;
  down(message: string): Promise<void>;
}

const settled = () => new Promise((resolve) => setTimeout(resolve));
let asked: Asked[];
let session: SegmentSession;
let crops: { x1: number; y1: number; x2: number; y2: number }[];

beforeEach(() => {
  asked = [];
  crops = [];
  let clock = 0;
  session = new SegmentSession({
    backend: {
      run: (prompt, signal) =>
        new Promise<SegmentReply>((resolve, reject) => {
          const at = asked.length;
          asked.push({
            prompt,
            signal,
            answer: (...counts) => {
              const candidates = counts.map((count, i) => {
                return { mask: maskOf(count), score: 0.9 - i / 10, stability: null, handle: `${at}-${i}` };
              });
              const timings = { waited: 0, pixels: 0, encode: 0, decode: 1, total: 2 };
              const ran = { provider: 'cpu', precision: 'float32', embedding: 'memory', fedBack: false } as const;
              resolve({ answer: { candidates, best: 0, imageSize: size, model: prompt.model, ...ran, timings } });
              return settled().then(() => undefined);
            },
            fail: (error) => {
              reject(error);
              return settled().then(() => undefined);
            },
            down: (message) => {
              resolve({ down: message });
              return settled().then(() => undefined);
            },
          });
        }),
      models: () => Promise.reject(new Error('not asked')),
      choose: () => Promise.resolve(),
      addModel: () => Promise.resolve(),
      onModels: () => undefined,
      prepare: () => Promise.resolve(),
      restart: () => Promise.resolve(),
      showLog: () => undefined,
    },
    crops: () => crops,
    truth: () => maskOf(100),
    isCancelled: (error) => ChannelError.is(error) && error.code === 'cancelled',
    now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, clock++)).toISOString(),
  });
  session.model = info('sam');
  session.setImage({ image: 3, size });
});

const add = (x: number, y = 5) => session.click({ x, y, positive: true });
const remove = (x: number, y = 5) => session.click({ x, y, positive: false });

describe('a mask under way', () => {
  it('is asked for with every click so far, and the mask before it from the second on', async () => {
    add(4);
    expect(asked[0]?.prompt).toMatchObject({ image: 3, model: 'sam', crop: null, previous: null, lane: 'click' });
    await asked[0]?.answer(50, 80);
    remove(9);
    expect(asked[1]?.prompt.clicks).toEqual([
      { x: 4, y: 5, positive: true },
      { x: 9, y: 5, positive: false },
    ]);
    expect(asked[1]?.prompt.previous).toEqual({ kind: 'candidate', handle: '0-0' });
    await asked[1]?.answer(40);
    expect(session.mask).toEqual(maskOf(40));
  });

  it('feeds back the candidate that was chosen', async () => {
    add(4);
    await asked[0]?.answer(50, 80);
    expect([session.cycle(1), session.mask]).toEqual([true, maskOf(80)]);
    add(6);
    expect(asked[1]?.prompt.previous).toEqual({ kind: 'candidate', handle: '0-1' });
    await asked[1]?.answer(60);
    expect(session.cycle(1)).toBe(false);
  });

  it('answers the newest of clicks in a hurry, with all of them, and takes each back alone', async () => {
    add(4);
    add(6);
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(asked[1]?.prompt.clicks).toHaveLength(2);
    await asked[1]?.answer(70);
    expect(session.mask).toEqual(maskOf(70));
    // The first click never had a mask of its own: now it is asked for.
    expect(session.undo()).toBe(true);
    expect(asked[2]?.prompt.clicks).toHaveLength(1);
    await asked[2]?.answer(30);
    expect(session.mask).toEqual(maskOf(30));
    session.redo();
    expect(session.mask).toEqual(maskOf(70));
    expect(asked).toHaveLength(3);
  });

  it('keeps each click as data: time, masks before and after, IoU, undone or not', async () => {
    add(4);
    await asked[0]?.answer(50);
    remove(9);
    await asked[1]?.answer(25);
    session.undo();
    add(12);
    await asked[2]?.answer(100);
    const done = session.accept('boat');
    expect(done?.mask).toMatchObject({ label: 'boat', model: 'The sam', score: 0.9, mask: maskOf(100), box: null });
    const facts = done?.mask.clicks.map(({ x, positive, iou, undone }) => ({ x, positive, iou, undone }));
    expect(facts).toEqual([
      { x: 4, positive: true, iou: 0.5, undone: false },
      { x: 9, positive: false, iou: 0.25, undone: true },
      { x: 12, positive: true, iou: 1, undone: false },
    ]);
    expect(done?.mask.clicks.map(({ time }) => time.slice(17, 19))).toEqual(['00', '01', '02']);
    expect(done?.mask.clicks[2]).toMatchObject({ before: maskOf(50), after: maskOf(100) });
    expect([session.empty, session.accept(null)]).toEqual([true, null]);
  });

  it('takes a box as a prompt, and the next in its place', async () => {
    session.drawBox({ x1: 1, y1: 1, x2: 9, y2: 9 });
    await asked[0]?.answer(50);
    session.drawBox({ x1: 2, y1: 2, x2: 8, y2: 8 });
    expect(asked[1]?.prompt).toMatchObject({ box: { x1: 2, y1: 2, x2: 8, y2: 8 }, clicks: [] });
    await asked[1]?.answer(40);
    session.undo();
    expect(session.box).toEqual({ x1: 1, y1: 1, x2: 9, y2: 9 });
  });

  it('is cut from a part of the image while every prompt lies in it', async () => {
    crops = [
      { x1: 20, y1: 0, x2: 40, y2: 30 },
      { x1: 0, y1: 0, x2: 10, y2: 10 },
    ];
    add(4);
    expect(asked[0]?.prompt.crop).toEqual(crops[1]);
    await asked[0]?.answer(50);
    add(15);
    // A mask in the frame of the part is none in that of the whole.
    expect(asked[1]?.prompt).toMatchObject({ crop: null, previous: { kind: 'mask', mask: maskOf(50) } });
  });

  it('gives a painted mask back as a mask, and its score no more', async () => {
    add(4);
    await asked[0]?.answer(50);
    session.paint(maskOf(55));
    expect(session.held?.candidates[0]?.score).toBeNull();
    add(6);
    expect(asked[1]?.prompt.previous).toEqual({ kind: 'mask', mask: maskOf(55) });
    session.undo();
    expect(session.mask).toEqual(maskOf(55));
    expect(session.accept(null)?.mask).toMatchObject({ model: 'The sam', score: null, mask: maskOf(55) });
  });

  it('goes on from a mask that is there, under its id, with the clicks that made it', async () => {
    add(4);
    await asked[0]?.answer(50);
    const first = session.accept('boat');
    if (first === null) throw new Error('no mask');
    session.edit(first.mask, 'm1');
    expect([session.edited, session.mask, session.undo()]).toEqual(['m1', maskOf(50), false]);
    remove(9);
    expect(asked[1]?.prompt).toMatchObject({ previous: { kind: 'mask', mask: maskOf(50) } });
    expect(asked[1]?.prompt.clicks).toHaveLength(2);
    await asked[1]?.answer(45);
    const second = session.accept('boat');
    expect([second?.id, second?.mask.clicks.length, session.edited]).toEqual(['m1', 2, null]);
  });

  it('loses a click that failed and nothing else, and says why', async () => {
    add(4);
    await asked[0]?.answer(50);
    add(6);
    await asked[1]?.fail(new Error('The image is gone.'));
    expect(session.trouble).toEqual({ message: 'The image is gone.', down: false });
    expect([session.mask, session.clicks.length]).toEqual([maskOf(50), 1]);
    add(7);
    expect(session.trouble).toBeNull();
    await asked[2]?.down('It is down.');
    expect(session.trouble).toEqual({ message: 'It is down.', down: true });
  });

  it('is given up with its image, and an answer that comes late is nobody’s', async () => {
    add(4);
    session.setImage({ image: 4, size });
    await asked[0]?.answer(50);
    expect([session.empty, session.mask, session.cancel()]).toEqual([true, null, false]);
    expect(session.accept(null)).toBeNull();
  });
});

describe('clicks made elsewhere', () => {
  const [first, second] = [
    { x: 4, y: 5, positive: true },
    { x: 9, y: 5, positive: false },
  ];

  it('are taken back, gone on from and kept like clicks made here, on the mask that they began with', async () => {
    const [start, one, two] = [maskOf(20), maskOf(60), maskOf(90)];
    const taken = [
      { click: first, after: givenMask(one, 'log') },
      { click: second, after: givenMask(two, 'log') },
    ];
    session.takeOver(taken, start);
    expect(session.mask).toEqual(two);
    session.undo();
    expect(session.mask).toEqual(one);
    session.undo();
    expect(session.mask).toEqual(start);
    session.redo();
    add(12);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.prompt).toMatchObject({ clicks: [first, { x: 12 }], previous: { kind: 'mask', mask: one } });
    await asked[0]?.answer(100);
    const clicks = session.accept(null)?.mask.clicks;
    expect(clicks?.map(({ x, undone, iou }) => ({ x, undone, iou }))).toEqual([
      { x: 4, undone: false, iou: 0.6 },
      { x: 9, undone: true, iou: 0.9 },
      { x: 12, undone: false, iou: 1 },
    ]);
    expect(clicks?.[0]).toMatchObject({ before: start, after: one });
  });

  it('whose mask is not known wait for the model', async () => {
    session.model = null;
    session.takeOver([{ click: first, after: null }], null);
    expect([session.mask, asked.length]).toEqual([null, 0]);
    session.model = info('sam');
    await asked[0]?.answer(50);
    expect(session.mask).toEqual(maskOf(50));
    // Another model does not ask anew for what is known.
    session.model = info('other');
    expect(asked).toHaveLength(1);
  });
});
