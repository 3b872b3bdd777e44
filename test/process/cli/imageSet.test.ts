import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { bundleCli, runCli } from './cliBundle';

it('saccade info tells what an image set holds, and what is wrong in it', async () => {
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
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(dirname(entry), { recursive: true, force: true });
  }
});
