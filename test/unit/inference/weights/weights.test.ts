import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportGuide } from '../../../../src/inference/weights/exportGuide';
import { findWeights, usualPlaces } from '../../../../src/inference/weights/findWeights';

let home = '';
const hub = '.cache/huggingface/hub/models--onnx-community--sam2.1-hiera-tiny-ONNX';
const blob = `.cache/osam/models/blobs/sha256:${'a'.repeat(64)}`;

async function file(name: string): Promise<void> {
  await mkdir(dirname(join(home, name)), { recursive: true });
  await writeFile(join(home, name), '');
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'saccade-weights-'));
  await file(`${hub}/blobs/0123`);
  await mkdir(join(home, hub, 'snapshots/main/onnx'), { recursive: true });
  // As the hub's client lays its cache out: files are links to blobs.
  await symlink('../../../blobs/0123', join(home, hub, 'snapshots/main/onnx/vision_encoder.onnx'));
  await file('xanylabeling_data/models/mobile_sam/mobile_sam.decoder.onnx');
  await file('.cache/torch/hub/checkpoints/sam_vit_b_01ec64.pth');
  await file('.cache/torch/hub/checkpoints/resnet50.pth');
  await file(blob);
  await file('xanylabeling_data/models/node_modules/other.onnx');
  await symlink(home, join(home, 'xanylabeling_data/models/circle'));
});

afterAll(() => rm(home, { recursive: true, force: true }));

describe('weights on this machine', () => {
  it('are found where tools keep them, without following links in circles', async () => {
    const looked: number[] = [];
    const found = await findWeights(usualPlaces(home, {}), { onProgress: (folders) => looked.push(folders) });
    expect(found).toEqual({
      folders: [dirname(blob), 'xanylabeling_data/models/mobile_sam', `${hub}/snapshots/main/onnx`].map((name) =>
        join(home, name),
      ),
      checkpoints: [join(home, '.cache/torch/hub/checkpoints/sam_vit_b_01ec64.pth')],
      complete: true,
    });
    expect(looked.length).toBeGreaterThan(5);
  });

  it('are looked for where variables say that they are', () => {
    const places = usualPlaces('/home/me', { HF_HOME: '/data/hf', TORCH_HOME: '/data/torch', HF_HUB_CACHE: '' });
    expect(places.slice(0, 2)).toEqual(['/data/hf/hub', '/data/torch/hub']);
  });

  it('are told as far as they were found when the search is called off, or there is too much', async () => {
    const stop = new AbortController();
    const called = await findWeights([home], { signal: stop.signal, onProgress: () => stop.abort() });
    expect(called).toEqual({ folders: [], checkpoints: [], complete: false });
    expect((await findWeights([home], { mostEntries: 3 })).complete).toBe(false);
  });
});

describe('the commands that export a checkpoint', () => {
  it('name the file that was found, and write beside it', () => {
    const guide = exportGuide('/data/my models/sam_vit_h_4b8939.pth');
    expect(guide?.title).toBe('SAM ViT-H');
    expect(guide?.script).toContain("--checkpoint '/data/my models/sam_vit_h_4b8939.pth'");
    expect(guide?.script).toContain('--model-type vit_h');
    expect(guide?.script).toContain("--output '/data/my models/sam_vit_h.decoder.onnx'");
  });

  it('cannot be broken out of by a name', () => {
    const script = exportGuide("/tmp/x'; rm -rf ~; '/mobile_sam.pt")?.script;
    expect(script).toContain(`'/tmp/x'\\''; rm -rf ~; '\\''/mobile_sam.pt'`);
  });

  it.each([
    ['mobile_sam.pt', 'MobileSAM'],
    ['sam2.1_hiera_base_plus.pt', 'SAM 2.1 base_plus'],
    ['sam2_hiera_tiny.pt', 'SAM 2 tiny'],
    ['edge_sam_3x.pth', 'EdgeSAM'],
    ['efficient_sam_vits.pt', 'EfficientSAM S'],
    ['efficientvit_sam_xl1.pt', 'EfficientViT-SAM XL1'],
    ['sam_hq_vit_l.pth', 'HQ-SAM ViT-L'],
    ['sam3.pt', 'SAM 3'],
    ['models--facebook--sam2.1-hiera-small/snapshots/1/model.safetensors', 'sam2.1-hiera-small'],
    ['models--facebook--sam-vit-base/snapshots/1/model.safetensors', 'sam-vit-base'],
  ])('are known for %s', (name, title) => {
    expect(exportGuide(`/w/${name}`)?.title).toBe(title);
  });

  it('are not guessed for anything else', () => {
    for (const name of ['model.safetensors', 'yolo.pt', 'sam_vit_b.onnx', 'my_sam_vit_b_01ec64.pth'])
      expect(exportGuide(`/w/${name}`), name).toBeNull();
  });
});
