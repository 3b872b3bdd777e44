import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { OnnxGraph } from '../../../scripts/onnx/graph';
import type { ChildState } from '../../../src/supervise/supervisor';
import { exports, writeExport } from '../../models/exports';
import { brightImage, extent, inferenceLab, type Lab, request, shown } from './fixture';

let lab: Lab;
let model: string;
let image: string;
const clicks = [{ x: 300, y: 200, positive: true }];

beforeAll(async () => {
  lab = await inferenceLab();
  const folder = join(lab.dir, 'sam');
  await writeExport(folder, exports.sam());
  model = join(folder, 'sam_vit_b.decoder.onnx');
  image = await brightImage(join(lab.dir, 'image.png'), 640, 480);
});

/** A click model whose runs take as long as its loop is told. */
async function slowModel(name: string, rounds: number): Promise<string> {
  const graph = new OnnxGraph();
  const picture = graph.input('image', 'float32', [1, 4, 64, 64]);
  graph.input('points', 'float32', [1, 'points', 3]);
  const start = graph.op('Slice', [picture, graph.ints([0]), graph.ints([1]), graph.ints([1])]);
  const body = new OnnxGraph('b');
  body.input('round', 'int64', []);
  const going = body.input('going', 'bool', []);
  const state = body.input('state', 'float32', [1, 1, 64, 64]);
  body.output(going, 'goes_on', 'bool', []);
  body.output(body.op('Sin', [body.op('Add', [state, body.float(0.1)])]), 'next', 'float32', [1, 1, 64, 64]);
  const looped = graph.op('Loop', [graph.int(rounds), '', start], { body: { graph: body } });
  graph.output(looped, 'instances', 'float32', [1, 1, 64, 64]);
  const path = join(lab.dir, `${name}.onnx`);
  await writeFile(path, graph.finish());
  return path;
}

describe('embeddings', () => {
  it('are made once: the next window, and the next start, find them on disk', async () => {
    const first = lab.client();
    const made = await first.segment(request(image, model, { clicks }));
    expect(made).toMatchObject({ embedding: 'encoded', provider: 'cpu', precision: 'float32' });
    expect((await first.segment(request(image, model, { clicks }))).embedding).toBe('memory');
    // Kept behind the answer's back; a file that is still being written has another name.
    await vi.waitFor(
      async () => expect(await readdir(lab.cacheDir)).toEqual([expect.stringMatching(/\.emb$/)]),
      20_000,
    );
    first.dispose();
    const before = lab.decoded.length;
    const second = lab.client();
    const found = await second.segment(request(image, model, { clicks }));
    expect(found.embedding).toBe('disk');
    expect(lab.decoded.length).toBe(before);
    // Kept as halves, which moves nothing here.
    expect(shown(found).mask).toEqual(shown(made).mask);
    second.dispose();
  });

  it('that were damaged are made again', async () => {
    const [name = ''] = (await readdir(lab.cacheDir)).filter((file) => file.endsWith('.emb'));
    const path = join(lab.cacheDir, name);
    const bytes = await readFile(path);
    bytes[bytes.length - 7] = (bytes[bytes.length - 7] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const client = lab.client();
    expect((await client.segment(request(image, model, { clicks }))).embedding).toBe('encoded');
    expect(lab.log.join('\n')).toContain('damaged, and made again');
    client.dispose();
  });

  it('of a picture that changed, of a part of it, and of another model are others', async () => {
    const client = lab.client();
    const crop = { x1: 100, y1: 100, x2: 400, y2: 400 };
    expect((await client.segment(request(image, model, { clicks, crop }))).embedding).toBe('encoded');
    const changing = await brightImage(join(lab.dir, 'changing.png'), 320, 240);
    expect((await client.segment(request(changing, model, { clicks }))).embedding).toBe('encoded');
    await brightImage(changing, 320, 240, 160);
    expect((await client.segment(request(changing, model, { clicks }))).embedding).toBe('encoded');
    client.dispose();
  });

  it('stay below their budget, what was just used being spared', async () => {
    const cacheDir = join(lab.dir, 'small');
    // An embedding of SAM takes 2 MiB as halves.
    const client = lab.client({ cacheDir, cacheBytes: 5 * 2 ** 20 });
    for (let at = 0; at < 4; at++) {
      const path = await brightImage(join(lab.dir, `${at}.png`), 64 + at, 64);
      await client.embed({ image: path, crop: null, model, urgency: 'batch' });
    }
    expect(await readdir(cacheDir)).toHaveLength(4);
    // An hour later the oldest go: down to 80 % of the budget, one embedding.
    const then = new Date(Date.now() - 3_600_000);
    for (const name of await readdir(cacheDir)) await utimes(join(cacheDir, name), then, then);
    await client.embed({ image, crop: null, model, urgency: 'batch' });
    expect((await readdir(cacheDir)).length).toBeLessThanOrEqual(2);
    client.dispose();
  });
});

describe('the child', () => {
  it('answers only the newest click of a canvas, and every canvas its own', async () => {
    const client = lab.client();
    await client.segment(request(image, model, { clicks }));
    // An image whose pixels are yet to come: all four clicks are there before the first could be answered.
    const unseen = await brightImage(join(lab.dir, 'unseen.png'), 640, 480);
    const at = (x: number) => [{ x, y: 200, positive: true }];
    const asked = [100, 150, 200, 250].map((x) => client.segment(request(unseen, model, { clicks: at(x) })));
    const other = client.segment(request(unseen, model, { clicks: at(400), lane: 'another' }));
    const outcomes = await Promise.allSettled(asked);
    expect(outcomes.slice(0, 3).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(outcomes[0]).toMatchObject({ reason: { code: 'cancelled' } });
    const newest = extent(shown(await (asked[3] ?? other)));
    expect((newest.left + newest.right) / 2).toBeCloseTo(250, 0);
    const theirs = extent(shown(await other));
    expect((theirs.left + theirs.right) / 2).toBeCloseTo(400, 0);
    client.dispose();
  });

  it('takes a click before images that wait to be encoded, and drops those nobody wants', async () => {
    const client = lab.client({ cacheDir: join(lab.dir, 'queue') });
    await client.segment(request(image, model, { clicks }));
    const paths = await Promise.all([0, 1, 2, 3].map((at) => brightImage(join(lab.dir, `q${at}.png`), 300 + at, 300)));
    const order: string[] = [];
    const giveUp = new AbortController();
    const batch = paths.map((path, at) =>
      client
        .embed({ image: path, crop: null, model, urgency: 'batch' }, at === 3 ? giveUp.signal : undefined)
        .then(() => order.push(path))
        .catch(() => order.push('given up')),
    );
    giveUp.abort();
    const click = client.segment(request(image, model, { clicks })).then(() => order.push('click'));
    await Promise.all([...batch, click]);
    expect(order.indexOf('click')).toBeLessThan(order.length - 2);
    expect(order).toContain('given up');
    expect(lab.decoded.filter((path) => path === paths[3])).toHaveLength(0);
    client.dispose();
  });

  it('that is killed fails what it had, starts again, and stays down after three crashes', async () => {
    const client = lab.client();
    const states: ChildState[] = [];
    client.onState((state) => states.push(state));
    const slow = await slowModel('crash', 20_000_000);
    for (let crash = 0; crash < 3; crash++) {
      const segmented = await client.segment(request(image, model, { clicks, lane: `before ${crash}` }));
      expect(shown(segmented).mask.size).toEqual([480, 640]);
      const doomed = client.segment(request(image, slow, { clicks }));
      doomed.catch(() => undefined);
      process.kill(client.pid ?? 0, 'SIGKILL');
      await expect(doomed).rejects.toThrow(/infer process ended \(SIGKILL\)/);
    }
    await vi.waitFor(() => expect(states.at(-1)).toBe('failed'), 20_000);
    await expect(client.segment(request(image, model, { clicks }))).rejects.toThrow('failed repeatedly');
    await client.restart();
    expect((await client.segment(request(image, model, { clicks }))).embedding).toBe('disk');
    client.dispose();
  });

  it('is killed when one run takes longer than it may', async () => {
    const client = lab.client({ runDeadline: 1500 });
    const slow = await slowModel('endless', 2_000_000_000);
    await expect(client.segment(request(image, slow, { clicks }))).rejects.toThrow(/infer process ended \(SIGKILL\)/);
    client.dispose();
  });

  it('lets go of models nobody asked for', async () => {
    const client = lab.client({ idle: 200 });
    await client.segment(request(image, model, { clicks }));
    await vi.waitFor(() => expect(lab.log.join('\n')).toContain('sam_vit_b.decoder: released'), 20_000);
    expect((await client.segment(request(image, model, { clicks }))).candidates.length).toBe(4);
    client.dispose();
  });
});

describe('without the user’s leave', () => {
  it.runIf(process.platform === 'linux')('no driver of a device is as much as loaded', async () => {
    const client = lab.client({ cacheDir: join(lab.dir, 'unasked') });
    await client.segment(request(image, model, { clicks }));
    const maps = await readFile(`/proc/${client.pid}/maps`, 'utf8');
    expect(maps).toMatch(/libonnxruntime/);
    expect(maps).not.toMatch(/vulkan|libcuda|nvidia|\/dev\/dri|swiftshader|libEGL|libGLX/i);
    expect((await client.state()).providers).toEqual([]);
    client.dispose();
  });
});

describe('files that hashes name, as osam keeps them', () => {
  it('are a model where only two belong together, and refused where their names would have to tell which do', async () => {
    const client = lab.client();
    const files = Object.values(exports.sam());
    const blobs = join(lab.dir, 'blobs');
    const named = (at: number) => `sha256:${String(at).repeat(64)}`;
    await writeExport(blobs, Object.fromEntries(files.map((bytes, at) => [named(at), bytes])));
    const { models } = await client.findModels(blobs);
    expect(models).toMatchObject([{ dialect: 'sam' }]);
    await writeExport(blobs, Object.fromEntries(files.map((bytes, at) => [named(at + 5), bytes])));
    const { models: none, refused } = await client.findModels(blobs);
    expect(none).toEqual([]);
    expect(refused.map(({ reason }) => reason).join()).toContain('name one in model.json');
    client.dispose();
  });
});

describe('what is no model', () => {
  it('is refused with what was found and what was expected', async () => {
    const client = lab.client();
    const folder = join(lab.dir, 'others');
    const graph = new OnnxGraph();
    graph.output(
      graph.op('Relu', [graph.input('pixel_values', 'float32', [1, 3, 224, 224])]),
      'logits',
      'float32',
      [1, 3, 224, 224],
    );
    const files = exports.sam();
    await writeExport(folder, {
      'classifier.onnx': graph.finish(),
      'lonely.onnx': files['sam_vit_b.decoder.onnx'] ?? new Uint8Array(),
      'text.onnx': new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\noid sha256:0\n'),
    });
    const { models, refused } = await client.findModels(folder);
    expect(models).toEqual([]);
    const reasons = Object.fromEntries(refused.map(({ path, reason }) => [path.split('/').at(-1), reason]));
    expect(reasons['classifier.onnx']).toContain('pixel_values float32[1,3,224,224]');
    expect(reasons['lonely.onnx']).toContain('it needs image_embeddings float32[1,256,64,64]');
    expect(reasons['text.onnx']).toContain('not an ONNX model');
    await expect(client.findModels(join(lab.dir, 'nowhere'))).rejects.toThrow('no such file');
    await expect(client.segment(request(image, join(folder, 'lonely.onnx'), { clicks }))).rejects.toThrow('no encoder');
    await writeFile(join(folder, 'model.json'), '{"inputSize": "large"}');
    await expect(client.findModels(folder)).rejects.toThrow(/model\.json: inputSize/);
    client.dispose();
  });
});
