import type { DirSource } from '../core/ports';
import { frameNamed } from '../core/trajectory/frameStrip';
import type { Observation, RolloutRecord, TextSpan } from '../core/trajectory/rollout';
import { splitTurns } from '../core/trajectory/splitTurns';
import { findMarks } from '../core/trajectory/textMarks';
import { imageEnding } from './imageSet/imageFolder';
import { fileName, fileStem, folderOf, joined } from './paths';

/** Frames of one rollout that are listed. */
const mostFrames = 2000;
const { compare } = new Intl.Collator('en', { numeric: true });

/** Frames of a video in a folder, in their order, as pictures of the first turn; none where one file of it is no frame. */
export async function framesIn(dir: DirSource, folder: string): Promise<readonly Observation[]> {
  const listed = await dir.list(folder);
  const names = listed.filter(({ kind, name }) => kind === 'file' && imageEnding.test(name)).map(({ name }) => name);
  if (names.length === 0 || names.some((name) => frameNamed(name) === null)) return [];
  return names
    .sort(compare)
    .slice(0, mostFrames)
    .map((name) => ({ turn: 0, name, view: { kind: 'file', path: joined(folder, name) } }));
}

const videoArgument = /"video_path"\s{0,20}:\s{0,20}"([^"\\]{1,1000})"/;

/**
 * A rollout whose calls name a video (LongVT's `crop_video`) with the video's frames where a folder called as the video is
 * lies beside the log, or in `frames` there; any other as it is. Their names say number or time.
 */
export async function withFramesBeside(record: RolloutRecord, file: string, dir: DirSource): Promise<RolloutRecord> {
  if (record.observations !== undefined || !record.response.includes('"crop_video"')) return record;
  const path = videoArgument.exec(record.response)?.[1];
  const video = path === undefined ? '' : fileStem(fileName(path.replaceAll('\\', '/')));
  if (/^\.*$/.test(video)) return record;
  for (const home of new Set([folderOf(file), '']))
    for (const folder of [joined(home, video), joined(home, `frames/${video}`)]) {
      const observations = await framesIn(dir, folder);
      if (observations.length > 0) return { ...record, observations };
    }
  return record;
}

const ownAction = /<action>\s{0,40}(?:choose frames between|get frame number at time|output answer:)/;
/** Before an image's tokens, or the mark that stands for it. */
const shownFrame = /^[ \t]{0,20}frame (\d{1,7}): ?(?:<image>|<\|vision_start\|>)/gm;

/**
 * Frames that FrameThinker's tool showed (`think_with_video.py` writes `frame 12: <image>`), those of the prompt first, by
 * their numbers in the video; the log keeps no picture of them. None for a rollout of any other policy.
 */
export function framesShown(prompt: string, response: string): readonly Observation[] {
  if (!ownAction.test(response)) return [];
  const turns = splitTurns(response, findMarks(response).marks);
  const later = turns.flatMap(({ role, span }, turn) => (role === 'assistant' ? [] : numbered(response, span, turn)));
  return [...numbered(prompt, { start: 0, end: prompt.length }, 0), ...later].slice(0, mostFrames);
}

function numbered(text: string, { start, end }: TextSpan, turn: number): readonly Observation[] {
  return [...text.slice(start, end).matchAll(shownFrame)].map(([, number = '']) => ({
    turn,
    name: `frame ${number}`,
    view: { kind: 'blank' },
  }));
}
