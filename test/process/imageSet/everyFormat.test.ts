import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AnnotationRecord } from '../../../src/core/annotation/annotation';
import type { DatasetAnnotation, DatasetImage } from '../../../src/core/dataset/datasetImage';
import { withoutId } from '../../../src/core/dataset/edit/imageEdits';
import { areaOfShape } from '../../../src/core/dataset/edit/shapeGeometry';
import { fixtures, putFixture } from './everyFormat';
import { openSet, sharedSet } from './openSet';

let shared: Awaited<ReturnType<typeof sharedSet>>;
beforeAll(async () => {
  shared = await sharedSet({});
});

/** What an image holds; ids tell where annotations stand, which moves. */
function contentOf({ annotations, questions, attributes, file }: DatasetImage) {
  return { file, questions, attributes, annotations: annotations.map(withoutId) };
}

/** The object is wider by ten pixels, in the kind of shape that it has. */
function wider(annotation: DatasetAnnotation) {
  const { shape, box } = annotation;
  const right = box?.x2 ?? 0;
  const grown = { ...box!, x2: right + 10 };
  const stretched = (points: readonly { x: number; y: number }[]) =>
    points.map(({ x, y }) => ({ x: x === right ? x + 10 : x, y }));
  const after =
    shape.kind === 'quad'
      ? { ...shape, points: stretched(shape.points) }
      : shape.kind === 'polygons'
        ? { ...shape, rings: shape.rings.map(stretched) }
        : ({ kind: 'box', box: grown } as const);
  const area = annotation.area === null ? null : areaOfShape(after);
  return { ...withoutId(annotation), shape: after, box: grown, area };
}

describe.each(fixtures)('a set of $title', (fixture) => {
  it('opens, is searched, and comes back byte for byte; an edit changes that annotation and nothing else', async () => {
    const folder = shared.path(fixture.title.replaceAll(/\W+/g, '-'));
    await mkdir(folder);
    const path = await putFixture(folder, fixture);
    const set = await openSet(shared.client, path);
    expect(set.opened.format).toBe(fixture.format);
    expect(set.info).toMatchObject({ images: 2, problems: [] });
    expect((await set.query({ where: 'annotations > 0' })).images).toBeGreaterThan(0);
    expect(await set.file(0)).not.toBeNull();

    const written = async (name: string) => {
      const output = join(folder, '..', `${name}-${fixture.title.replaceAll(/\W+/g, '-')}`);
      const choice = { verdicts: [], tags: [], query: null, indices: null };
      const order = { to: 'original', output, images: 'copy', choice, places: [] } as const;
      const { problems } = await shared.client.call('imageset/export', { setId: set.setId, ...order });
      expect(problems).toEqual([]);
      return output;
    };
    const untouched = await written('same');
    const files = [...Object.keys(fixture.texts), ...(fixture.table === undefined ? [] : [fixture.table.file])];
    for (const file of files)
      expect((await readFile(join(untouched, file))).equals(await readFile(join(folder, file))), file).toBe(true);

    const [first, second] = [await set.image(0), await set.image(1)];
    const target = first.annotations[0]!;
    const by = { author: 'Ada', time: '2026-01-02T03:04:05.000Z' };
    const notes = { annotations: { [target.id]: { ...by, value: wider(target) } } };
    const record = {
      kind: 'image',
      key: first.key,
      hints: { line: 1, step: null },
      notes,
    } as unknown as AnnotationRecord;
    const file = await shared.client.call('imageset/notes/file', { path });
    await shared.client.call('imageset/notes/save', { path, file, place: null, stamp: null, records: [record] });
    const edited = await written('edited');
    const again = await openSet(shared.client, join(edited, fixture.open));
    expect(again.info.problems).toEqual([]);
    const expected = contentOf(first);
    const [, ...others] = expected.annotations;
    const now = contentOf(await again.image(0));
    const questions = fixture.inAnswer ? now.questions : expected.questions;
    expect({ ...now, annotations: now.annotations.slice(1) }).toEqual({ ...expected, questions, annotations: others });
    expect(now.annotations[0]).toEqual(wider(target));
    expect(contentOf(await again.image(1))).toEqual(contentOf(second));
  });
});
