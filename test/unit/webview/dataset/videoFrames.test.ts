import { expect, test } from 'vitest';
import { type ImageSetVideo, videoMark } from '../../../../src/protocol/imageSet';
import { VideoFrames } from '../../../../webview/dataset/detail/videoFrames';
import type { DatasetSession } from '../../../../webview/dataset/store/session';
import { Signal } from '../../../../webview/rollouts/store/signal';

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test('a frame that somebody annotates is marked, and found, once another frame is on show', async () => {
  const marks = [0, 0, 0];
  const host = {
    call: async (): Promise<ImageSetVideo> => ({
      video: 'clip',
      images: Uint32Array.of(4, 5, 6),
      frames: Float64Array.of(0, 1, 2),
      times: Float64Array.of(0, 1, 2),
      marks: Uint8Array.from(marks),
    }),
  };
  const image = new Signal(-1);
  const edits = new Signal(0);
  const session = { host, image, edits, stale: new Signal(0), progress: new Signal({ done: true }) };
  const frames = new VideoFrames(session as unknown as DatasetSession);
  image.set(5);
  await settled();
  expect([frames.place.value, frames.keyframe(1)]).toEqual([1, -1]);
  marks[1] = videoMark.annotated | videoMark.keyframe;
  edits.set(1);
  // Whoever goes on meanwhile is where they went.
  image.set(4);
  await settled();
  expect([frames.place.value, frames.has(1, 'annotated'), frames.keyframe(1)]).toEqual([0, true, 1]);
});
