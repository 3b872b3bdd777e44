import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnnotationRecord } from '../../../src/core/annotation/annotation';
import { imageSetNotes } from '../../../src/data/process/notes/imageSetNotes';

const record: AnnotationRecord = {
  kind: 'image',
  key: '139',
  hints: { line: 1, step: null },
  notes: { verdict: { author: 'Ada', time: '2026-01-02T03:04:05.000Z', value: 'accept' } },
};
const { signal } = new AbortController();
const call = imageSetNotes();

describe('the sidecar of an image set', () => {
  it.each([
    ['a file', 'labels.json', 'labels.json', 'labels.json.saccade'],
    ['a folder', '.', '', '.saccade'],
  ])('of %s is written where it is looked for', async (_, opened, file, sidecar) => {
    const folder = mkdtempSync(join(tmpdir(), 'saccade-set-'));
    writeFileSync(join(folder, 'labels.json'), '{"images": []}');
    const path = join(folder, opened);
    expect(await call['imageset/notes/file']({ path }, signal)).toBe(file);
    expect(await call['imageset/notes/open']({ path, places: [] }, signal)).toEqual([]);
    const saving = { path, file, place: null, records: [record] };
    const saved = await call['imageset/notes/save']({ ...saving, stamp: null }, signal);
    expect(saved.kind).toBe('saved');
    expect(readFileSync(join(folder, sidecar), 'utf8').split('\n')).toHaveLength(3);
    const [found] = await call['imageset/notes/open']({ path, places: [] }, signal);
    expect(found).toMatchObject({ file, path: join(folder, sidecar), records: 1, problems: [] });
    expect(JSON.parse(await call['imageset/notes/slice']({ path, file, start: 0 }, signal))).toEqual([record]);
    // Somebody else wrote it since.
    expect(await call['imageset/notes/save']({ ...saving, stamp: null }, signal)).toEqual({ kind: 'changed' });
  });

  it('of a folder that takes none is written into another one, told apart from others there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'saccade-set-'));
    const path = join(folder, 'photos');
    const place = join(folder, 'kept');
    mkdirSync(path);
    await call['imageset/notes/save']({ path, file: '', place, stamp: null, records: [record] }, signal);
    const [found] = await call['imageset/notes/open']({ path, places: [place] }, signal);
    expect(found?.path).toMatch(/kept.photos-[0-9a-f]{16}\.saccade$/);
  });
});
