import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { newAnnotation } from '../../src/core/dataset/edit/imageEdits';
import { createDataClient, type DataClient } from '../../src/data/client';
import { everyImage, type ImageSetProgress, type ImageSetQuery } from '../../src/protocol/imageSet';
import { against, type BenchRow, median, peakMemory, timed, within } from './bench';
import { pythonJsonLoad } from './peers';

export const name = 'imageset';
export const budget =
  'COCO with 100,000 images and 1,000,000 annotations: grid in 2 s, read as fast as Python’s json.load, filters in 200 ms, 800 MiB';

const images = 100_000;
const annotations = 1_000_000;
const labels = 80;
/** Bytes of a document as large as LVIS’, of which no string may be made. */
const large = 2e9;

/** Numbers that look random and are the same every time. */
function mixed(seed: number): number {
  const value = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d);
  return ((value ^ (value >>> 12)) >>> 0) / 2 ** 32;
}

function image(at: number): string {
  const file = `${String(at + 1).padStart(12, '0')}.jpg`;
  return `{"license": ${(at % 8) + 1}, "file_name": "${file}", "coco_url": "http://images.cocodataset.org/train2017/${file}", "height": 480, "width": 640, "date_captured": "2013-11-14 16:28:13", "flickr_url": "http://farm8.staticflickr.com/7012/6476759513_fdfd55f0c0_z.jpg", "id": ${at + 1}}`;
}

const corners = 24;

/** As COCO’s: a polygon of two dozen corners is most of it. @param more corners that are the same in every annotation. */
function annotation(at: number, more: string): string {
  const [x, y] = [mixed(at) * 500, mixed(at + 7) * 400];
  const [width, height] = [4 + mixed(at + 13) ** 4 * 130, 4 + mixed(at + 29) ** 4 * 70];
  const points = Array.from({ length: corners }, (_, i) => {
    const turn = (2 * Math.PI * i) / corners;
    return `${(x + (width / 2) * (1 + Math.cos(turn))).toFixed(2)}, ${(y + (height / 2) * (1 + Math.sin(turn))).toFixed(2)}`;
  });
  const box = [x, y, width, height].map((value) => value.toFixed(2)).join(', ');
  return `{"segmentation": [[${points.join(', ')}${more}]], "area": ${((width * height * Math.PI) / 4).toFixed(4)}, "iscrowd": 0, "image_id": ${((at * 7919) % images) + 1}, "bbox": [${box}], "category_id": ${(at % labels) + 1}, "id": ${at + 1}}`;
}

/** In the order of COCO’s own files: the categories, without which no annotation has a name, stand last. */
async function writeCoco(path: string, more: string): Promise<void> {
  const out = createWriteStream(path);
  const write = async (text: string) => {
    if (!out.write(text)) await once(out, 'drain');
  };
  const list = async (length: number, element: (at: number) => string) => {
    for (let at = 0; at < length; ) {
      let block = '';
      while (block.length < 4e6 && at < length) block += `${at === 0 ? '' : ', '}${element(at++)}`;
      await write(block);
    }
  };
  await write('{"info": {"description": "COCO 2017 Dataset"}, "licenses": [{"id": 1, "name": "CC"}], "images": [');
  await list(images, image);
  await write('], "annotations": [');
  await list(annotations, (at) => annotation(at, more));
  const names = Array.from({ length: labels }, (_, at) => ({
    supercategory: 'thing',
    id: at + 1,
    name: `label ${at + 1}`,
  }));
  await write(`], "categories": ${JSON.stringify(names)}}`);
  out.end();
  await finished(out);
}

export async function run(): Promise<{ rows: BenchRow[] }> {
  const dir = await mkdtemp(join(tmpdir(), 'saccade-bench-'));
  const path = join(dir, 'instances_train2017.json');
  try {
    await writeCoco(path, '');
    const rows: BenchRow[] = [{ metric: 'file', value: (await stat(path)).size / 1e6, unit: 'MB' }];
    rows.push(...(await withClient(dir, (client) => opening(client, path))));
    const python = pythonJsonLoad(path);
    const whole = rows.find(({ metric }) => metric === wholeMetric)?.value ?? Number.NaN;
    if (python !== null) {
      rows.push(against(`${wholeMetric}, beside Python’s json.load`, whole, 'ms', python.seconds * 1000));
      rows.push(within(`${wholeMetric}, as many times json.load`, whole / python.seconds / 1000, 'times', 1));
    }
    await writeCoco(path, ', 123.45, 67.89'.repeat(Math.ceil((large / annotations - 550) / 15)));
    rows.push({ metric: 'large file', value: (await stat(path)).size / 1e6, unit: 'MB' });
    rows.push(...(await withClient(dir, (client) => openingLarge(client, path))));
    return { rows };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const wholeMetric = 'every annotation read, joined and in columns';

async function withClient(dir: string, work: (client: DataClient) => Promise<BenchRow[]>): Promise<BenchRow[]> {
  const client = createDataClient({
    entry: resolve('dist/children/data.js'),
    log: { info: () => undefined, warn: console.error, error: console.error },
    cacheDir: join(dir, 'cache'),
    imageSize: async () => null,
  });
  try {
    return await work(client);
  } finally {
    client.dispose();
  }
}

/** Opens the set; answers when every image is listed, and when everything is read. */
async function openTimed(client: DataClient, path: string) {
  await client.call('imageset/detect', { path });
  let listed: () => void = () => undefined;
  const allListed = new Promise<void>((resolve) => {
    listed = resolve;
  });
  const stop = client.on('imageset/progress', (progress: ImageSetProgress) => {
    if (progress.images === images || progress.done) listed();
  });
  const start = performance.now();
  const { setId } = await client.call('imageset/open', { path, roots: [] });
  await allListed;
  await client.call('imageset/rows', { setId, start: 0, count: 100, view: null });
  const grid = performance.now() - start;
  const info = await client.call('imageset/info', { setId, wait: true });
  const whole = performance.now() - start;
  stop();
  // The images themselves are not there, which is one problem.
  if (info.images !== images || info.annotations !== annotations || info.problemCount !== 1)
    throw new Error(`read ${info.images} images, ${info.annotations} annotations, ${info.problemCount} problems`);
  return { setId, grid, whole };
}

async function opening(client: DataClient, path: string): Promise<BenchRow[]> {
  const { setId, grid, whole } = await openTimed(client, path);
  const asked = (query: Partial<ImageSetQuery>) =>
    median(3, () => client.call('imageset/query', { setId, query: { ...everyImage, ...query } }));
  const label = await asked({ chips: [{ kind: 'category', column: 'label', values: ['label 7'] }] });
  const area = await asked({ chips: [{ kind: 'range', column: 'area', from: null, to: 100 }] });
  const sorted = await asked({ sort: { column: 'area', descending: false } });
  const grouped = await asked({ groupBy: 'label' });
  const sql = await asked({ where: "area < 100 and label = 'label 7'" });
  const [statistics] = await timed(() => client.call('imageset/statistics', { setId, view: null }));
  const page = await median(5, (run) =>
    client.call('imageset/rows', { setId, start: run * 9000, count: 200, view: null }),
  );
  const one = await median(5, (run) => client.call('imageset/image', { setId, index: run * 9000 }));
  return [
    within('grid: every image listed, first page', grid, 'ms', 2000),
    { metric: wholeMetric, value: whole, unit: 'ms' },
    within('filter by a label', label, 'ms', 200),
    within('filter by area', area, 'ms', 200),
    { metric: 'sort by area', value: sorted, unit: 'ms' },
    { metric: 'group by label', value: grouped, unit: 'ms' },
    { metric: 'condition in SQL', value: sql, unit: 'ms' },
    { metric: 'statistics', value: statistics, unit: 'ms' },
    { metric: 'a page of 200 images', value: page, unit: 'ms' },
    { metric: 'one image with all it has', value: one, unit: 'ms' },
    ...(await edited(client, setId)),
    ...peakMemory(client.pid, 800),
  ];
}

/** As the host tells what people changed: many images once, then one after the other. */
async function edited(client: DataClient, setId: number): Promise<BenchRow[]> {
  const box = { x1: 5, y1: 5, x2: 15, y2: 15 };
  const drawn = { ...newAnnotation('drawn here', { kind: 'box', box }), id: 'new-1' };
  const changes = [{ id: 'new-1', after: drawn }];
  const tell = (from: number, count: number, whole: boolean) => {
    const edits = Array.from({ length: count }, (_, i) => ({ key: String((from + i) * 97 + 1), changes }));
    return client.call('imageset/edits', { setId, edits, whole }, { deadline: Number.POSITIVE_INFINITY });
  };
  const found = async (query: Partial<ImageSetQuery>) =>
    (await client.call('imageset/query', { setId, query: { ...everyImage, ...query } })).images;
  const [all] = await timed(() => tell(0, 1000, true));
  let [times, label, area] = [0, 0, 0];
  const one = await median(5, async (run) => tell(1000 + run, 1, false));
  for (const run of [1, 2, 3]) {
    await tell(1010 + run, 1, false);
    const [ms, images] = await timed(() =>
      found({ chips: [{ kind: 'category', column: 'label', values: ['drawn here'] }] }),
    );
    if (images < 1000) throw new Error(`${images} images have what was drawn`);
    await tell(1020 + run, 1, false);
    const [areaMs] = await timed(() => found({ chips: [{ kind: 'range', column: 'area', from: null, to: 100 }] }));
    [times, label, area] = [times + 1, label + ms, area + areaMs];
  }
  return [
    { metric: '1,000 edited images in columns', value: all, unit: 'ms' },
    { metric: 'one more edit', value: one, unit: 'ms' },
    within('filter by a label at once after an edit', label / times, 'ms', 200),
    within('filter by area at once after an edit', area / times, 'ms', 200),
  ];
}

async function openingLarge(client: DataClient, path: string): Promise<BenchRow[]> {
  const { grid, whole } = await openTimed(client, path);
  return [
    within('grid of the large file', grid, 'ms', 2000),
    { metric: `${wholeMetric}, of the large file`, value: whole, unit: 'ms' },
    ...peakMemory(client.pid, 800),
  ];
}
