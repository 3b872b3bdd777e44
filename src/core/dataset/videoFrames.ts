import { frameNamed } from '../trajectory/frameStrip';

/** Which video each of a set's images is a frame of. */
export interface VideoFrames {
  /** Names of the videos: folders, with what stands before `frame` in a file's name, or as the set numbers them. */
  readonly videos: readonly string[];
  /** By image, an index into `videos`; −1 for an image that is no frame. */
  readonly codes: Int32Array;
  /** Number of the frame as named or stated; NaN where only its time is. */
  readonly frames: Float64Array;
  /** Seconds from the beginning of the video; NaN where no name tells. */
  readonly times: Float64Array;
}

/** What a set states of an image, as COCO's `video_id` and `frame_id`. */
export interface StatedFrame {
  readonly video: string;
  readonly frame: number | null;
}

/** Fewer numbers in a row are not yet a video. */
const leastNumbered = 3;
const leastNamed = 2;
/** Of numbers that come in equal steps, at most so many places may lie between the first and the last for each that is there. */
const sparsest = 4;
/** Bare numbers, and TSN's `img_00001.jpg`: cameras write `IMG_` with four digits. */
const number = /^(?:(?:img|image)_(?=\d{5}))?(\d{1,12})\.[a-z]{3,4}$/i;
/** Folders that sets of single images are kept in. */
const general =
  /^(?:images?|imgs?|jpegimages|pictures|photos|data|train|training|val|valid|validation|test|testing|voc\d{4}|vocdevkit|image_[23]|(?:train|val|test)\d{4})$/i;
/** The folder that was opened has no name among its files. */
const opened = '(this folder)';

interface Named {
  readonly image: number;
  readonly frame: number;
  readonly time: number;
}

/**
 * Frames of videos among the images of a set, told by their names: `frame_12.jpg`, `clip_frame_0012.png`, `frame_12_6.5s.png`,
 * `t=12.5.jpg`, or numbers alone in a folder of nothing else that come in equal steps, unless the folder is one that single
 * images are kept in (`images`, `val2017`). What the set itself states (`stated`, by image) wins.
 */
export function videoFrames(files: readonly string[], stated: ReadonlyMap<number, StatedFrame>): VideoFrames {
  const named = new Map<string, Named[]>();
  const numbered = new Map<string, Named[] | null>();
  const given = new Map<string, Named[]>();
  files.forEach((file, image) => {
    const known = stated.get(image);
    if (known === undefined) take(file, image, named, numbered);
    else push(given, known.video, { image, frame: known.frame ?? Number.NaN, time: Number.NaN });
  });
  const found = {
    videos: [] as string[],
    codes: new Int32Array(files.length).fill(-1),
    frames: new Float64Array(files.length).fill(Number.NaN),
    times: new Float64Array(files.length).fill(Number.NaN),
  };
  const add = (video: string, frames: readonly Named[]) => {
    const code = found.videos.push(video === '' ? opened : video) - 1;
    for (const { image, frame, time } of frames) {
      found.codes[image] = code;
      found.frames[image] = frame;
      found.times[image] = time;
    }
  };
  for (const [video, frames] of given) add(video, frames);
  for (const [video, frames] of named) if (frames.length >= leastNamed) add(video, frames);
  for (const [folder, frames] of numbered) if (frames !== null && isVideo(frames)) add(folder, frames);
  return found;
}

function take(file: string, image: number, named: Map<string, Named[]>, numbered: Map<string, Named[] | null>): void {
  const slash = Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\'));
  const [folder, name] = [slash < 0 ? '' : file.slice(0, slash), file.slice(slash + 1)];
  // Numbers alone are by far the commonest, and no other names.
  const digits = number.exec(name)?.[1];
  const own = digits === undefined ? frameNamed(name) : null;
  if (own !== null) {
    const prefix =
      own.index === null ? '' : name.slice(0, name.toLowerCase().lastIndexOf('frame')).replace(/[_ -]$/, '');
    const video = prefix === '' ? folder : folder === '' ? prefix : `${folder}/${prefix}`;
    push(named, video, { image, frame: own.index ?? Number.NaN, time: own.time ?? Number.NaN });
    return;
  }
  const frames = numbered.get(folder);
  // One other picture, and the numbers are ids.
  if (digits === undefined || frames === null) numbered.set(folder, null);
  else if (frames === undefined)
    numbered.set(folder, isGeneral(folder) ? null : [{ image, frame: Number(digits), time: Number.NaN }]);
  else frames.push({ image, frame: Number(digits), time: Number.NaN });
}

function push(into: Map<string, Named[]>, video: string, frame: Named): void {
  const frames = into.get(video);
  if (frames === undefined) into.set(video, [frame]);
  else frames.push(frame);
}

const isGeneral = (folder: string): boolean =>
  folder !== '' && folder.split(/[\\/]/).every((part) => general.test(part));

function isVideo(frames: readonly Named[]): boolean {
  if (frames.length < leastNumbered) return false;
  const numbers = Float64Array.from(frames, ({ frame }) => frame).sort();
  const gaps = numbers.subarray(1).map((value, i) => value - (numbers[i] ?? 0));
  const step = gaps.reduce((least, gap) => Math.min(least, gap), Number.POSITIVE_INFINITY);
  if (step === 0 || gaps.some((gap) => gap % step !== 0)) return false;
  const places = ((numbers.at(-1) ?? 0) - (numbers[0] ?? 0)) / step + 1;
  return places <= sparsest * frames.length;
}
