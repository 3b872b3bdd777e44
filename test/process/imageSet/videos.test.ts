import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { everyImage, videoMark } from '../../../src/protocol/imageSet';
import { openSet, sharedSet } from './openSet';

const frames = ['b', 'a'].flatMap((video) => [0, 1, 2, 10].map((frame) => `${video}/frame_${frame}.jpg`));
/** As mmtracking's converters write a set of videos. */
const coco = {
  videos: [{ id: 1, name: 'MOT17-02' }],
  images: [
    { id: 1, video_id: 1, frame_id: 1, file_name: 'x/second.jpg', height: 10, width: 10 },
    { id: 2, video_id: 1, frame_id: 0, file_name: 'x/first.jpg', height: 10, width: 10 },
    { id: 3, video_id: 'one', frame_id: 0, file_name: 'x/other.jpg', height: 10, width: 10 },
  ],
  annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [1, 1, 4, 4], area: 16, iscrowd: 0 }],
  categories: [{ id: 1, name: 'person' }],
};
/** CVAT writes a box for every frame, and says in which somebody drew it. */
const box = (frame: number, keyframe: 0 | 1) =>
  `<box frame="${frame}" outside="0" occluded="0" keyframe="${keyframe}" xtl="1" ytl="1" xbr="4" ybr="4" z_order="0"></box>`;
const cvat = `<?xml version="1.0" encoding="utf-8"?><annotations><version>1.1</version><meta><task><size>4</size><original_size><width>10</width><height>10</height></original_size></task></meta><track id="0" label="person" source="manual">${box(1, 1)}${box(2, 0)}</track></annotations>`;

const { client, path } = await sharedSet({ 'coco.json': JSON.stringify(coco), 'annotations.xml': cvat });
for (const file of frames) {
  const at = path(`clips/${file}`);
  await mkdir(dirname(at), { recursive: true });
  await writeFile(at, 'no picture');
}
const open = async (name: string) => {
  const set = await openSet(client, path(name));
  const columns = async () =>
    (await client.call('imageset/columns', { setId: set.setId })).map((column) => column.name);
  const video = (index: number) => client.call('imageset/video', { setId: set.setId, index });
  return { ...set, columns, video };
};

describe('the videos of an image set', () => {
  it('are folders of frames: a column to group by, in the order of frames', async () => {
    const set = await open('clips');
    expect(await set.columns()).toEqual(expect.arrayContaining(['video', 'frame', 'keyframe']));
    expect(await set.columns()).not.toContain('time');
    const { sections } = await set.query({
      ...everyImage,
      groupBy: 'video',
      sort: { column: 'frame', descending: false },
    });
    expect(sections).toMatchObject([
      { title: expect.stringContaining('a'), images: 4 },
      { title: expect.stringContaining('b'), images: 4 },
    ]);
    // Files are listed by their names: frame 10 comes before frame 2.
    const video = await set.video(5);
    expect(video).toMatchObject({ video: 'b' });
    expect([...(video?.frames ?? [])]).toEqual([0, 1, 2, 10]);
    const files = (await set.rows()).map(({ file }) => file);
    expect(Array.from(video?.images ?? [], (image) => files[image])).toEqual(frames.slice(0, 4));
    expect(await set.video(99)).toBeNull();
  });

  it('are those that COCO numbers, with the frames that have annotations', async () => {
    const set = await open('coco.json');
    expect(set.info.problems.map(({ message }) => message).join()).not.toContain('video');
    const video = await set.video(0);
    expect(video).toMatchObject({ video: 'video 1', images: Uint32Array.of(1, 0), frames: Float64Array.of(0, 1) });
    expect([...(video?.marks ?? [])]).toEqual([0, videoMark.annotated | videoMark.keyframe]);
    expect(await set.video(2)).toBeNull();
  });

  it('are CVAT’s tracks by frame, with the keyframes that somebody drew', async () => {
    const video = await (await open('annotations.xml')).video(3);
    expect(video?.frames).toEqual(Float64Array.of(0, 1, 2, 3));
    expect([...(video?.marks ?? [])]).toEqual([0, videoMark.annotated | videoMark.keyframe, videoMark.annotated, 0]);
  });
});
