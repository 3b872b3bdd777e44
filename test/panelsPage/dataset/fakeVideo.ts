import { type ImageSetVideo, videoMark } from '../../../src/protocol/imageSet';
import { boxesOf } from './fakeImages';

/** The video that a made-up image is a frame of: every `length` images are one, at two frames a second. */
export function fakeVideo(index: number, length: number): ImageSetVideo | null {
  if (length === 0) return null;
  const number = Math.floor(index / length);
  const places = Array.from({ length }, (_, at) => at);
  const images = Uint32Array.from(places, (at) => number * length + at);
  return {
    video: `beach/video_${String(number + 1).padStart(2, '0')}`,
    images,
    frames: Float64Array.from(places, (at) => at * 15),
    times: Float64Array.from(places, (at) => at / 2),
    marks: Uint8Array.from(images, (image) => {
      const annotated = boxesOf(image).length > 0;
      return (annotated ? videoMark.annotated : 0) | (annotated && image % 5 === 0 ? videoMark.keyframe : 0);
    }),
  };
}
