import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { videoFrames } from '../../../../src/core/dataset/videoFrames';

const none = new Map<number, never>();
const found = (files: readonly string[]) => {
  const { videos, codes, frames, times } = videoFrames(files, none);
  return files.map((_, i) => [videos[codes[i] ?? -1] ?? null, frames[i], times[i]] as const);
};
const range = (count: number, name: (i: number) => string) => Array.from({ length: count }, (_, i) => name(i));
const videosIn = (files: readonly string[]) => videoFrames(files, none).videos;

describe('images whose names are those of frames', () => {
  it('are videos by folder, or by what stands before the word in one folder, with numbers and times', () => {
    const files = [
      'a/frame_0001.png',
      'a/frame_0002.png',
      'clip1_frame_5.jpg',
      'clip1_frame_6.jpg',
      'b/t=12.5.jpg',
      'b/t=13.jpg',
    ];
    expect(found([...files, 'c/frame_3_1.5s.png', 'c/frame_4_2s.png'])).toEqual([
      ['a', 1, Number.NaN],
      ['a', 2, Number.NaN],
      ['clip1', 5, Number.NaN],
      ['clip1', 6, Number.NaN],
      ['b', Number.NaN, 12.5],
      ['b', Number.NaN, 13],
      ['c', 3, 1.5],
      ['c', 4, 2],
    ]);
    expect(videosIn(['a/frame_1.png', 'b/frame_1.png'])).toEqual([]);
  });

  it('are videos by numbers alone where these come in equal steps: DAVIS, MOT and TSN’s folders', () => {
    expect(videosIn(range(5, (i) => `JPEGImages/480p/bear/${String(i).padStart(5, '0')}.jpg`))).toEqual([
      'JPEGImages/480p/bear',
    ]);
    expect(videosIn(range(5, (i) => `003234408d/${String(i * 5).padStart(5, '0')}.jpg`))).toEqual(['003234408d']);
    expect(videosIn(range(3, (i) => `v/img_${String(i + 1).padStart(5, '0')}.jpg`))).toEqual(['v']);
    expect(videosIn(range(3, (i) => `${i}.jpg`))).toEqual(['(this folder)']);
  });

  it('are none where numbers are ids, photos or in folders of single images', () => {
    expect(videosIn(range(50, (i) => `beach/${String(i * i * 397 + 139).padStart(12, '0')}.jpg`))).toEqual([]);
    expect(videosIn(range(9, (i) => `train/images/${i}.jpg`))).toEqual([]);
    expect(videosIn(range(9, (i) => `VOC2007/JPEGImages/00000${i}.jpg`))).toEqual([]);
    expect(videosIn(range(9, (i) => `holiday/IMG_000${i}.jpg`))).toEqual([]);
    expect(videosIn([...range(9, (i) => `v/${i}.jpg`), 'v/cover.jpg'])).toEqual([]);
  });

  it('are what the set itself states, whatever their names say', () => {
    const stated = new Map([
      [0, { video: 'video 7', frame: 3 }],
      [1, { video: 'video 7', frame: null }],
    ]);
    const { videos, codes, frames } = videoFrames(['x/a.jpg', 'y/b.jpg', 'c.jpg'], stated);
    expect([videos, [...codes], [...frames]]).toEqual([['video 7'], [0, 0, -1], [3, Number.NaN, Number.NaN]]);
  });

  it('of any names at all are read without trouble', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (files) => {
        expect(videoFrames(files, none).codes).toHaveLength(files.length);
      }),
    );
  });
});
