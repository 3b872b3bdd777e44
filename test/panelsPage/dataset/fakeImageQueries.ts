import { UserError } from '../../../src/core/text/userError';
import type { ImageSetQuery, ImageSetStatistics, ImageSetView } from '../../../src/protocol/imageSet';
import type { ColumnInfo, FilterChip } from '../../../src/protocol/query';
import { contributionOf, difficultyOf } from './fakeCurate';
import { boxesOf, type FakeBox, fileOf, labelCounts, labelNames, sizeOf, splitOf } from './fakeImages';

const column = (
  name: string,
  kind: ColumnInfo['kind'],
  about: string,
  extra: Partial<ColumnInfo> = {},
): ColumnInfo => ({
  name,
  kind,
  role: 'derived',
  present: 400,
  min: 0,
  max: 1000,
  values: [],
  about,
  ...extra,
});

export const fakeImageColumns: readonly ColumnInfo[] = [
  column('file', 'category', 'Path of the image as the file names it.'),
  column('split', 'category', 'Part of the set.', { values: ['train', 'val', 'test'] }),
  column('width', 'number', 'Width of the image in pixels.', { min: 480, max: 1920 }),
  column('height', 'number', 'Height of the image in pixels.', { min: 480, max: 1080 }),
  column('annotations', 'number', 'Annotations of the image.', { max: 24 }),
  column('contribution', 'number', 'contribution of scores.csv, of 390 images.', {
    role: 'field',
    min: -1.2,
    max: 2.5,
  }),
  column('difficulty', 'category', 'By the quartiles of contribution (−0.1, 0.3, 0.7), lowest values hardest.', {
    values: ['unsolved', 'hard', 'medium', 'easy', 'solved'],
  }),
  column('label', 'category', 'Label of an annotation.', { values: labelNames }),
  column('size', 'category', 'COCO’s size of an annotation.', { values: ['small', 'medium', 'large'] }),
  column('relativeArea', 'number', 'Area of the box as a part of its image’s.', { max: 1 }),
  column('boxArea', 'number', 'Area of an annotation’s box in pixels squared.', { min: 30, max: 90_000 }),
  column('aspect', 'number', 'Width of an annotation’s box by its height.', { min: 1, max: 1.7 }),
];

const areaOf = ({ x1, y1, x2, y2 }: FakeBox) => (x2 - x1) * (y2 - y1);

/** Filters, orders and sections over the made-up images. SQL: only `annotations > N`. */
export class FakeImageQueries {
  private readonly views = new Map<number, Uint32Array>();
  private last = 0;

  constructor(private readonly images: number) {}

  order(view: number): Uint32Array {
    const found = this.views.get(view);
    if (found === undefined) throw new UserError('The view is not kept any more.');
    return found;
  }

  find({ chips, where, sort, groupBy }: ImageSetQuery): ImageSetView {
    const condition = /^\s*annotations\s*>\s*(\d+)\s*$/.exec(where);
    if (where.trim() !== '' && condition === null)
      throw new UserError(`Referenced column "${where.split(' ')[0]}" not found in FROM clause!`);
    const least = condition === null ? -1 : Number(condition[1]);
    const images: number[] = [];
    let annotations = 0;
    for (let index = 0; index < this.images; index++) {
      const boxes = boxesOf(index);
      if (boxes.length <= least || !chips.every((chip) => ofImage(chip, index, boxes.length))) continue;
      const own = chips.filter((chip) => chip.kind !== 'text' && isOfAnnotation(chip));
      const matching = boxes.filter((box) => own.every((chip) => ofAnnotation(chip, box)));
      if (own.length > 0 && matching.length === 0) continue;
      images.push(index);
      annotations += matching.length;
    }
    if (sort !== null) {
      const value = (index: number) => (sort.column === 'annotations' ? boxesOf(index).length : sizeOf(index).width);
      images.sort((a, b) => (sort.descending ? value(b) - value(a) : value(a) - value(b)) || a - b);
    }
    const titles = (index: number): readonly string[] => {
      if (groupBy === null) return [''];
      if (groupBy === 'label') {
        const labels = [...new Set(boxesOf(index).map(({ label }) => labelNames[label] ?? ''))];
        return labels.length === 0 ? ['no label'] : labels;
      }
      if (groupBy === 'difficulty') return [difficultyOf(index)];
      if (groupBy === 'duplicates') return [`duplicates ${index < 3 ? 1 : 2}`];
      return [groupBy === 'split' ? splitOf(index) : `${sizeOf(index).width} × ${sizeOf(index).height}`];
    };
    const sections = new Map<string, number[]>();
    for (const index of images)
      for (const title of titles(index)) sections.set(title, [...(sections.get(title) ?? []), index]);
    const view = ++this.last;
    this.views.set(view, Uint32Array.from([...sections.values()].flat()));
    return {
      view,
      images: images.length,
      annotations,
      order: this.order(view),
      sections: [...sections].map(([title, list]) => ({ title, images: list.length })),
    };
  }

  statistics(view: number | null): ImageSetStatistics {
    const images =
      view === null ? Array.from({ length: Math.min(this.images, 5000) }, (_, i) => i) : [...this.order(view)];
    const boxes = images.flatMap((index) => boxesOf(index).map((box) => ({ ...box, ...sizeOf(index) })));
    const edges = Float64Array.from({ length: 13 }, (_, i) => 16 * 4 ** (i / 1.5));
    const counts = new Uint32Array(12);
    const side = 16;
    const centres = new Uint32Array(side * side);
    for (const box of boxes) {
      const bin = edges.findLastIndex((edge) => edge <= areaOf(box));
      if (bin >= 0 && bin < 12) counts[bin] = (counts[bin] ?? 0) + 1;
      const x = Math.min(side - 1, Math.floor((((box.x1 + box.x2) / 2) * side) / box.width));
      const y = Math.min(side - 1, Math.floor((((box.y1 + box.y2) / 2) * side) / box.height));
      centres[y * side + x] = (centres[y * side + x] ?? 0) + 1;
    }
    const perImage = new Uint32Array(26);
    for (const index of images) perImage[boxesOf(index).length] = (perImage[boxesOf(index).length] ?? 0) + 1;
    return {
      images: images.length,
      annotations: boxes.length,
      labels: labelCounts(images),
      boxAreas: { edges, counts },
      perImage: { edges: Float64Array.from({ length: 27 }, (_, i) => i), counts: perImage },
      centres: { side, counts: centres },
    };
  }
}

const annotationColumns = ['label', 'size', 'relativeArea', 'boxArea', 'aspect', 'centreX', 'centreY'];
const isOfAnnotation = (chip: FilterChip) => 'column' in chip && annotationColumns.includes(chip.column);

function ofImage(chip: FilterChip, index: number, boxes: number): boolean {
  if (chip.kind === 'text') return fileOf(index).includes(chip.text);
  if (chip.kind === 'lasso' || isOfAnnotation(chip)) return true;
  if (chip.kind === 'range' && chip.column === 'duplicates') return index < 5;
  if (chip.kind === 'range' && chip.column === 'contribution') {
    const score = contributionOf(index);
    return (chip.from === null || score >= chip.from) && score <= (chip.to ?? Number.POSITIVE_INFINITY);
  }
  if (chip.kind === 'category') return chip.values.includes(chip.column === 'split' ? splitOf(index) : fileOf(index));
  const value =
    chip.column === 'annotations' ? boxes : chip.column === 'width' ? sizeOf(index).width : sizeOf(index).height;
  return (chip.from === null || value >= chip.from) && (chip.to === null || value <= chip.to);
}

function ofAnnotation(chip: FilterChip, box: FakeBox): boolean {
  if (chip.kind === 'category')
    return chip.values.includes(
      chip.column === 'label'
        ? (labelNames[box.label] ?? '')
        : areaOf(box) < 1024
          ? 'small'
          : areaOf(box) < 9216
            ? 'medium'
            : 'large',
    );
  if (chip.kind !== 'range') return true;
  const value = chip.column === 'boxArea' ? areaOf(box) : (box.x2 - box.x1) / (box.y2 - box.y1);
  return (chip.from === null || value >= chip.from) && (chip.to === null || value <= chip.to);
}
