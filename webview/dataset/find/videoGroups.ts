import { everyImage } from '../../../src/protocol/imageSet';
import type { FindStore } from './findStore';
import { isEverything } from './findWords';

/** A folder of several folders of frames is shown video by video, each in the order of its frames, unless the user was faster. */
export function groupVideos(store: FindStore): void {
  if (store.session.welcome.format !== 'image-folder') return;
  let waiting = true;
  const group = () => {
    const columns = store.columns.value;
    if (!waiting || columns.length === 0) return;
    waiting = false;
    const videos = columns.find(({ name }) => name === 'video')?.values.length ?? 0;
    const column = columns.some(({ name }) => name === 'frame') ? 'frame' : 'time';
    if (videos > 1 && isEverything(store.query.value))
      store.apply({ ...everyImage, groupBy: 'video', sort: { column, descending: false } });
  };
  store.columns.on(group);
  group();
}
