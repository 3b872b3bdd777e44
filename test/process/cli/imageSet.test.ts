import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import type { AnnotationRecord } from '../../../src/core/annotation/annotation';
import { writeSidecar } from '../../../src/core/annotation/sidecar';
import { newAnnotation } from '../../../src/core/dataset/edit/imageEdits';
import { bundleCli, runCli } from './cliBundle';

it('saccade info tells what an image set holds and what is wrong in it; saccade export writes it, never over something', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'saccade-cli-set-'));
  const entry = await bundleCli();
  try {
    const path = join(folder, 'instances_val.json');
    const document = {
      images: [{ id: 1, file_name: 'a.jpg', width: 20, height: 10 }],
      annotations: [
        { id: 1, image_id: 1, category_id: 3, bbox: [0, 0, 5, 5], area: 25 },
        { id: 2, image_id: 9, category_id: 3, bbox: [0, 0, 5, 5], area: 25 },
      ],
      categories: [{ id: 3, name: 'boat\u001b[31m' }],
    };
    await writeFile(path, JSON.stringify(document));
    const text = await runCli(entry, join(folder, 'cache'), ['info', path]);
    expect(text).toMatchObject({ code: 0, err: '' });
    expect(text.out).toMatch(/^COCO: .*instances_val\.json\n/);
    expect(text.out).toMatch(/\n {2}splits +val 1\n/);
    expect(text.out).toContain('1 annotations on 1 images');
    expect(text.out).toContain('instances_val.json:1[1] annotations.image_id: There is no image 9.');
    expect(text.out).toContain('The image a.jpg was not found.');
    expect(text.out).not.toContain('\u001b');
    const json = await runCli(entry, join(folder, 'cache'), ['info', path, '--json']);
    expect(JSON.parse(json.out)).toMatchObject({
      kind: 'image set',
      format: 'coco',
      images: 1,
      annotations: 2,
      problemCount: 2,
    });
    const output = join(folder, 'boats');
    const exporting = ['export', path, '--to', 'coco', '-o', output, '--images', 'none'];
    const cacheDir = join(folder, 'cache');
    expect(await runCli(entry, cacheDir, exporting)).toMatchObject({ code: 0, err: '' });
    const coco = JSON.parse(await readFile(join(output, 'annotations.json'), 'utf8'));
    expect(coco.images).toEqual([{ id: 1, width: 20, height: 10, file_name: 'a.jpg' }]);
    expect(coco.annotations).toMatchObject([{ image_id: 1, bbox: [0, 0, 5, 5], area: 25 }]);
    const again = await runCli(entry, cacheDir, exporting);
    expect(again).toMatchObject({ code: 1 });
    expect(again.err).toContain('is not empty');
    expect(await runCli(entry, cacheDir, [...exporting, '--only', 'perhaps'])).toMatchObject({ code: 2 });
    await sharp({ create: { width: 20, height: 10, channels: 3, background: '#336699' } }).toFile(
      join(folder, 'a.jpg'),
    );
    const verl = ['export', path, '--to', 'verl', '--task', 'sense-detection', '--system', 'Be brief.'];
    const trained = await runCli(entry, cacheDir, [...verl, '-o', join(folder, 'verl')]);
    expect(trained).toMatchObject({ code: 0, err: '' });
    expect(trained.out).toMatch(/^1 images with 1 annotations are in .*\n {2}1 samples\. /);
    expect(await readdir(join(folder, 'verl'))).toEqual(['val-00000-of-00001.parquet']);
    const inside = ['export', path, '--to', 'llamafactory', '--images', 'embed', '-o', join(folder, 'inside')];
    expect(await runCli(entry, cacheDir, inside)).toMatchObject({ code: 2, err: expect.stringContaining('embedded') });
    const asked = await runCli(entry, cacheDir, [...exporting, '--task', 'detection']);
    expect(asked).toMatchObject({ code: 2, err: expect.stringContaining('--task does not belong to --to coco') });

    const by = { author: 'Ada', time: '2026-01-02T03:04:05.000Z' };
    const buoy = newAnnotation('buoy', { kind: 'box', box: { x1: 1, y1: 1, x2: 3, y2: 4 } });
    const notes = { annotations: { 1: { ...by, value: { removed: true } }, 'new-1': { ...by, value: buoy } } };
    const record = { kind: 'image', key: '1', hints: { line: 1, step: null }, notes } as unknown as AnnotationRecord;
    await writeFile(`${path}.saccade`, writeSidecar({ head: '', size: 0 }, [record]));
    const found = { images: 1, annotations: 1, files: ['a.jpg'] };
    const where = ['--where', "label = 'buoy' and area = 6"];
    const told = await runCli(entry, cacheDir, ['info', path, '--json', ...where]);
    expect(JSON.parse(told.out).matching).toMatchObject(found);
    const buoys = ['export', path, '--to', 'coco', '-o', join(folder, 'buoys'), '--images', 'none'];
    expect(await runCli(entry, cacheDir, [...buoys, '--where', 'area = 25'])).toMatchObject({ code: 1 });

    const table = join(folder, 'clip.csv');
    await writeFile(table, 'name,helps\na.jpg,0.5\nq.jpg,1\n');
    const scored = ['export', path, '--to', 'coco', '--images', 'none', '--scores', `${table}::helps`];
    const none = await runCli(entry, cacheDir, [...scored, '-o', join(folder, 'none'), '--where', 'helps > 0.5']);
    expect(none.err).toContain('No image of the set is chosen');
    const one = await runCli(entry, cacheDir, [...scored, '-o', join(folder, 'one'), '--where', 'helps = 0.5']);
    expect(one).toMatchObject({ code: 0, err: '' });
    expect(one.out).toContain('helps: 1 images; 1 rows name no image');
    const unnamed = await runCli(entry, cacheDir, [...exporting, '--scores', `${table}:name:hurts`]);
    expect(unnamed.err).toContain('no column “hurts”. Columns: name, helps.');
    expect(await runCli(entry, cacheDir, [...exporting, '--scores', table])).toMatchObject({ code: 2 });
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(dirname(entry), { recursive: true, force: true });
  }
});
