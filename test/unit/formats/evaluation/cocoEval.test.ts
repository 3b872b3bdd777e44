import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../../src/core/metric/coco/evaluate';
import { summarise } from '../../../../src/core/metric/coco/summary';
import { cocoOptions, type EvalOptions } from '../../../../src/core/metric/coco/tables';
import { UserError } from '../../../../src/core/text/userError';
import { readEvalResults } from '../../../../src/formats/evaluation/evalResults';
import { readEvalTruth } from '../../../../src/formats/evaluation/evalTruth';
import { memoryDir } from '../memoryDir';

/** As `test/bench/evalVectors.py` writes them: documents with what its own evaluator, in numpy, makes of them. */
interface Vector {
  readonly truth: { readonly annotations: readonly { readonly id: number }[] };
  readonly results: readonly object[];
  readonly options: {
    readonly masks: boolean;
    readonly lvis: boolean;
    readonly thresholds?: readonly number[];
    readonly areas?: readonly (readonly [number, number])[];
    readonly maxDetections?: readonly number[];
  };
  /** Thresholds × categories × areas × numbers of results. */
  readonly expected: Record<'ap' | 'ar', readonly (readonly (readonly (readonly (number | null)[])[])[])[]>;
}

async function evaluated(truthDocument: unknown, resultDocument: unknown, options: Vector['options']) {
  const dir = memoryDir({ 'gt.json': JSON.stringify(truthDocument), 'dt.json': JSON.stringify(resultDocument) });
  const truth = await readEvalTruth((await dir.open('gt.json'))!, options);
  const results = await readEvalResults((await dir.open('dt.json'))!, truth, options.masks, options.lvis);
  const chosen: EvalOptions = {
    iouThresholds: options.thresholds ?? cocoOptions.iouThresholds,
    areas: options.areas?.map(([from, to]) => ({ name: `${from}-${to}`, from, to })) ?? cocoOptions.areas,
    maxDetections: options.maxDetections ?? (options.lvis ? [300] : cocoOptions.maxDetections),
    agnostic: false,
  };
  return { truth, results, evaluation: evaluate(truth.table, results.table, chosen) };
}

describe('average precision', () => {
  for (const name of ['boxes', 'masks', 'lvis', 'soda']) {
    it(`is what numpy makes of ${name}, number by number`, async () => {
      const vector = JSON.parse(readFileSync(resolve(`test/fixtures/coco/${name}.json`), 'utf8')) as Vector;
      const { truth, results, evaluation } = await evaluated(vector.truth, vector.results, vector.options);
      expect([truth.problems, results.problems]).toEqual([[], []]);
      let compared = 0;
      for (const [t, byCategory] of vector.expected.ap.entries())
        for (const [k, byArea] of byCategory.entries())
          for (const [a, byMost] of byArea.entries())
            for (const [m, ap] of byMost.entries()) {
              const found = evaluation.categories[k]?.at(t, a, m) ?? null;
              const where = `${t} ${k} ${a} ${m}`;
              if (ap === null) expect(found, where).toBeNull();
              else {
                expect(found?.ap, where).toBeCloseTo(ap, 9);
                expect(found?.recall, where).toBeCloseTo(vector.expected.ar[t]?.[k]?.[a]?.[m] ?? Number.NaN, 9);
                compared++;
              }
            }
      expect(compared).toBeGreaterThan(15);
    });
  }

  it('of four images of val2014 is what pycocotools printed for them', async () => {
    // Boxes (corners, category, score) and numbers as torchmetrics' test of mean average precision lists them. Two results of one
    // score decide: the earlier one takes the box that the later one would have found.
    const found: readonly (readonly (readonly number[])[])[] = [
      [[258.15, 41.29, 606.41, 285.07, 4, 0.236]],
      [
        [61, 22.75, 565, 632.42, 3, 0.318],
        [12.66, 3.32, 281.26, 275.23, 2, 0.726],
      ],
      [
        [87.87, 276.25, 384.29, 379.43, 4, 0.546],
        [0, 3.66, 142.15, 316.06, 1, 0.3],
        [296.55, 93.96, 314.97, 152.79, 0, 0.407],
        [328.94, 97.05, 342.49, 122.98, 0, 0.611],
        [356.62, 95.47, 372.33, 147.55, 0, 0.335],
        [464.08, 105.09, 495.74, 146.99, 0, 0.805],
        [276.11, 103.84, 291.44, 150.72, 0, 0.953],
      ],
      [
        [72.92, 45.96, 91.23, 80.57, 49, 0.532],
        [45.17, 45.34, 66.28, 79.83, 49, 0.204],
        [82.28, 47.04, 99.66, 78.5, 49, 0.782],
        [59.96, 46.17, 80.35, 80.48, 49, 0.202],
        [75.29, 23.01, 91.85, 50.85, 49, 0.883],
        [71.14, 1.1, 96.96, 28.33, 49, 0.271],
        [61.34, 55.23, 77.14, 79.57, 49, 0.561],
        [41.17, 45.78, 60.99, 78.48, 49, 0.204],
        [56.18, 44.8, 64.42, 56.25, 49, 0.349],
      ],
    ];
    const given: readonly (readonly (readonly number[])[])[] = [
      [[214.15, 41.29, 562.41, 285.07, 4]],
      [
        [13, 22.75, 548.98, 632.42, 2],
        [1.66, 3.32, 270.26, 275.23, 2],
      ],
      [
        [61.87, 276.25, 358.29, 379.43, 4],
        [2.75, 3.66, 162.15, 316.06, 1],
        [295.55, 93.96, 313.97, 152.79, 0],
        [326.94, 97.05, 340.49, 122.98, 0],
        [356.62, 95.47, 372.33, 147.55, 0],
        [462.08, 105.09, 493.74, 146.99, 0],
        [277.11, 103.84, 292.44, 150.72, 0],
      ],
      [
        [72.92, 45.96, 91.23, 80.57, 49],
        [50.17, 45.34, 71.28, 79.83, 49],
        [81.28, 47.04, 98.66, 78.5, 49],
        [63.96, 46.17, 84.35, 80.48, 49],
        [75.29, 23.01, 91.85, 50.85, 49],
        [56.39, 21.65, 75.66, 45.54, 49],
        [73.14, 1.1, 98.96, 28.33, 49],
        [62.34, 55.23, 78.14, 79.57, 49],
        [44.17, 45.78, 63.99, 78.48, 49],
        [58.18, 44.8, 66.42, 56.25, 49],
      ],
    ];
    const rows = (lists: typeof found) =>
      lists.flatMap((list, image) =>
        list.map(([x1 = 0, y1 = 0, x2 = 0, y2 = 0, category_id, score]) => ({
          image_id: image + 1,
          category_id,
          bbox: [x1, y1, x2 - x1, y2 - y1],
          area: (x2 - x1) * (y2 - y1),
          ...(score === undefined ? { iscrowd: 0 } : { score }),
        })),
      );
    const truth = {
      images: found.map((_, i) => ({ id: i + 1 })),
      categories: [0, 1, 2, 3, 4, 49].map((id) => ({ id, name: String(id) })),
      annotations: rows(given).map((row, i) => ({ ...row, id: i + 1 })),
    };
    const { evaluation } = await evaluated(truth, rows(found), { masks: false, lvis: false });
    const rounded = summarise(evaluation).map(({ name, value }) => [name, value === null ? null : value.toFixed(3)]);
    expect(Object.fromEntries(rounded)).toEqual({
      AP: '0.637',
      AP50: '0.859',
      AP75: '0.761',
      'AP small': '0.622',
      'AP medium': '0.800',
      'AP large': '0.635',
      'AR@1': '0.432',
      'AR@10': '0.652',
      'AR@100': '0.652',
      'AR@100 small': '0.673',
      'AR@100 medium': '0.800',
      'AR@100 large': '0.633',
    });
  });
});

describe('categories as one', () => {
  const row = (i: number) => ({
    image_id: 1 + (i % 3),
    bbox: [(i * 7) % 40, (i * 5) % 30, 12 + (i % 9), 10 + (i % 7)],
  });
  const images = [1, 2, 3].map((id) => ({ id, width: 64, height: 48 }));

  it('are what one category with the same boxes gives', async () => {
    const documents = (categoryOf: (i: number) => number) => ({
      truth: {
        images,
        categories: [1, 2, 3].map((id) => ({ id, name: String(id) })),
        annotations: Array.from({ length: 30 }, (_, i) => {
          const { bbox, image_id } = row(i);
          return { id: i + 1, image_id, bbox, category_id: categoryOf(i), area: (bbox[2] ?? 0) * (bbox[3] ?? 0) };
        }),
      },
      results: Array.from({ length: 60 }, (_, i) => ({
        ...row(i + 1),
        category_id: categoryOf(i * 2),
        score: 1 / (i + 1),
      })),
    });
    const [several, one] = [documents((i) => 1 + (i % 3)), documents(() => 1)];
    const read = { masks: false, lvis: false };
    const { truth, results } = await evaluated(several.truth, several.results, read);
    const agnostic = evaluate(truth.table, results.table, { ...cocoOptions, agnostic: true });
    const alone = await evaluated(one.truth, one.results, read);
    expect(summarise(agnostic)).toEqual(summarise(alone.evaluation));
    expect(summarise(agnostic)[0]?.value).toBeGreaterThan(0);
  });
});

describe('documents', () => {
  const image = { id: 1, width: 64, height: 48, file_name: 'a.jpg' };
  const category = { id: 1, name: 'kite' };
  const box = { bbox: [4, 4, 20, 20], area: 400, iscrowd: 0, category_id: 1 };

  it('keep ids that a double does not hold apart', async () => {
    const [one, other] = ['9007199254740993', '9007199254740992'];
    const gt = `{"info":{"note":"[\\"{"},"images":[{"id":${one},"width":64,"height":48},{"id":${other},"width":64,"height":48}],
      "categories":[{"id":1,"name":"kite"}],"annotations":[{"id":5,"image_id":${one},"category_id":1,"bbox":[4,4,20,20],"area":400,"iscrowd":0}]}`;
    const dt = `[{"image_id":${other},"category_id":1,"bbox":[4,4,20,20],"score":1},{"image_id":${one},"category_id":1,"bbox":[4,4,20,20],"score":0.5}]`;
    const dir = memoryDir({ 'gt.json': gt, 'dt.json': dt });
    const options = { masks: false, lvis: false };
    const truth = await readEvalTruth((await dir.open('gt.json'))!, options);
    expect(truth.images.map(({ id }) => id)).toEqual([other, one]);
    const { table } = await readEvalResults((await dir.open('dt.json'))!, truth, false, false);
    expect(summarise(evaluate(truth.table, table, cocoOptions))[0]?.value).toBeCloseTo(0.5, 9);
  });

  it('are evaluated without what is broken in them, which is named', async () => {
    const truthDocument = {
      images: [image, { width: 3 }, image],
      categories: [category],
      annotations: [
        { ...box, id: 1, image_id: 1 },
        { ...box, id: 2, image_id: 99 },
        { ...box, id: 3, image_id: 1, bbox: [1, 2, 'x', 4] },
        { ...box, id: 4, image_id: 1, area: undefined },
        { ...box, id: 5, image_id: 1, category_id: 8 },
        'nonsense',
      ],
    };
    const results = [
      { image_id: 1, category_id: 1, bbox: [4, 4, 20, 20], score: 0.9 },
      { image_id: 7, category_id: 1, bbox: [4, 4, 20, 20], score: 0.9 },
      { image_id: 1, category_id: 1, bbox: [4, 4, 20, 20] },
      { image_id: 1, category_id: 1, bbox: [4, 4, 20], score: 1 },
    ];
    const found = await evaluated(truthDocument, results, { masks: false, lvis: false });
    const named = ({ problems }: { problems: readonly { element: number | null; field: string | null }[] }) =>
      problems.map(({ element, field }) => `${element} ${field}`).sort();
    expect(named(found.truth)).toEqual([
      '1 annotations.image_id',
      '1 images.id',
      '2 annotations.bbox',
      '2 images.id',
      '3 annotations.area',
      '4 annotations.category_id',
      '5 annotations',
    ]);
    expect(named(found.results)).toEqual(['1 image_id', '2 score', '3 bbox']);
    expect([found.truth.table.length, found.results.table.length]).toEqual([2, 1]);
  });

  it('of masks refuse runs of another size and count the rest', async () => {
    const mask = { size: [48, 64], counts: [10, 20, 48 * 64 - 30] };
    const truthDocument = {
      images: [image],
      categories: [category],
      annotations: [
        { ...box, id: 1, image_id: 1, segmentation: mask },
        { ...box, id: 2, image_id: 1, segmentation: { size: [10, 10], counts: [100] } },
        { ...box, id: 3, image_id: 1, segmentation: [[1, 1, 5]] },
      ],
    };
    const results = [{ image_id: 1, category_id: 1, segmentation: mask, score: 1 }];
    const { truth, evaluation } = await evaluated(truthDocument, results, { masks: true, lvis: false });
    expect(truth.problems.map(({ element }) => element)).toEqual([1, 2]);
    expect(summarise(evaluation)[0]?.value).toBeCloseTo(1, 9);
  });

  it('that are no such documents are refused in words', async () => {
    const dir = memoryDir({ 'list.json': '[1, 2]', 'other.json': '{"a": []}', 'torn.json': '{"images": [{"id": 1}' });
    for (const name of ['list.json', 'other.json', 'torn.json'])
      await expect(readEvalTruth((await dir.open(name))!, { masks: false, lvis: false })).rejects.toThrow(name);
  });

  it('that are hostile are refused, or read without what is wrong', async () => {
    const json = fc.json({ maxDepth: 4 });
    const near = fc.record({
      images: fc.array(
        fc.record({ id: fc.oneof(fc.integer(), fc.string()), width: fc.integer(), height: fc.jsonValue() }),
      ),
      categories: fc.array(fc.record({ id: fc.integer({ max: 3 }), name: fc.jsonValue() })),
      annotations: fc.array(
        fc.dictionary(fc.constantFrom('image_id', 'category_id', 'bbox', 'segmentation', '__proto__'), fc.jsonValue()),
      ),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          json,
          near.map((value) => JSON.stringify(value)),
        ),
        fc.boolean(),
        async (text, masks) => {
          const source = (await memoryDir({ 'gt.json': text }).open('gt.json'))!;
          try {
            const truth = await readEvalTruth(source, { masks, lvis: masks });
            const results = await readEvalResults(source, truth, masks, masks);
            summarise(evaluate(truth.table, results.table, cocoOptions));
          } catch (error) {
            expect(UserError.is(error), String(error)).toBe(true);
          }
        },
      ),
    );
  });

  it('with an outline that never ends lose that annotation alone, at once', async () => {
    const ring = Array.from({ length: 4000 }, (_, i) => (i % 4 < 2 ? 0 : 1e6));
    const truthDocument = {
      images: [image],
      categories: [category],
      annotations: [{ ...box, id: 1, image_id: 1, segmentation: [ring] }],
    };
    const { truth } = await evaluated(truthDocument, [], { masks: true, lvis: false });
    expect(truth.problems.map(({ message }) => message)).toEqual(['has an outline longer than any image is round']);
  });

  it('of any cut are read the same', async () => {
    const { documentElements } = await import('../../../../src/formats/evaluation/documentElements');
    const text = JSON.stringify({
      info: { a: ['"', '\\', '}'] },
      images: [{ id: 1, s: '],{"\\' }],
      empty: [],
      annotations: [[1], {}],
    });
    const bytes = new TextEncoder().encode(text);
    for (let cut = 1; cut < bytes.length; cut++) {
      const source = {
        path: 'gt.json',
        size: async () => bytes.length,
        // A source that gives less than was asked for stands for pieces.
        read: async (offset: number) => bytes.slice(offset, offset + cut),
      };
      const all = [];
      for await (const elements of documentElements(source)) all.push(...elements);
      expect(all, `pieces of ${cut}`).toEqual([
        { list: 'images', index: 0, value: { id: 1, s: '],{"\\' } },
        { list: 'annotations', index: 0, value: [1] },
        { list: 'annotations', index: 1, value: {} },
      ]);
    }
  });
});
