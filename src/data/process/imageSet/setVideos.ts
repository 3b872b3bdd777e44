import { type VideoFrames, videoFrames } from '../../../core/dataset/videoFrames';
import { type ImageSetVideo, videoMark } from '../../../protocol/imageSet';
import { annotationFlag } from './annotationTable';
import type { EffectiveTables } from './effectiveTables';

const known = new WeakMap<EffectiveTables, { readonly of: string; readonly found: VideoFrames }>();

/** Videos of a set, as far as its images are known. */
export function videosOf(tables: EffectiveTables): VideoFrames {
  const { images } = tables;
  // Names never change; edits do not make a frame of an image.
  const of = `${images.length} ${images.statedFrames.size}`;
  const before = known.get(tables);
  if (before?.of === of) return before.found;
  const found = videoFrames(images.files, images.statedFrames);
  known.set(tables, { of, found });
  return found;
}

/**
 * By image, bits of `videoMark`. Keyframes are those that somebody drew in (CVAT tells them from what it filled in between);
 * in a set that tells none, every frame with annotations.
 */
export function frameMarks(tables: EffectiveTables): Uint8Array {
  const { annotations, images } = tables;
  const marks = new Uint8Array(images.length);
  let told = false;
  for (let at = 0; at < annotations.length; at++) {
    const image = annotations.images[at] ?? -1;
    if (image < 0 || image >= marks.length) continue;
    const isKey = ((annotations.flags[at] ?? 0) & annotationFlag.keyframe) !== 0;
    told ||= isKey;
    marks[image] = (marks[image] ?? 0) | videoMark.annotated | (isKey ? videoMark.keyframe : 0);
  }
  return told ? marks : marks.map((mark) => (mark === 0 ? 0 : mark | videoMark.keyframe));
}

/** The video that an image is a frame of, all its frames in order; null for an image that is none. */
export function videoOf(tables: EffectiveTables, image: number): ImageSetVideo | null {
  const { videos, codes, frames, times } = videosOf(tables);
  const code = codes[image] ?? -1;
  if (code < 0) return null;
  const own: number[] = [];
  codes.forEach((other, at) => {
    if (other === code) own.push(at);
  });
  const place = (at: number) => {
    const frame = frames[at] ?? Number.NaN;
    return Number.isNaN(frame) ? (times[at] ?? Number.NaN) : frame;
  };
  own.sort((a, b) => place(a) - place(b) || a - b);
  const marks = frameMarks(tables);
  return {
    video: videos[code] ?? '',
    images: Uint32Array.from(own),
    frames: Float64Array.from(own, (at) => frames[at] ?? Number.NaN),
    times: Float64Array.from(own, (at) => times[at] ?? Number.NaN),
    marks: Uint8Array.from(own, (at) => marks[at] ?? 0),
  };
}
