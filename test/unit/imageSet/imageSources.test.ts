import { describe, expect, it } from 'vitest';
import { imageSources } from '../../../src/data/process/imageSet/imageSources';
import { ImageTable } from '../../../src/data/process/imageSet/imageTable';
import { recordOrigin } from '../../../src/formats/imageSet/recordOrigin';

describe('where images come from', () => {
  it('is the file of several that holds their records, or the folder of a record that is a file', () => {
    const images = new ImageTable();
    const add = (file: string, record: string, line: number | null) => {
      const bytes = { kind: 'file', candidates: [file] } as const;
      images.add({ key: `${images.length}`, file, size: null, split: null, bytes, place: { file: record, line } });
    };
    add('a.jpg', 'train.jsonl', 1);
    add('b.jpg', 'val.jsonl', 1);
    add('c.jpg', 'harbour/c.json', null);
    add('d.jpg', 'd.json', null);
    add('1', 'results.json', null);
    add('2', 'results.json', null);
    const { codes, names } = imageSources(images);
    expect([...codes].map((code) => names[code] ?? null)).toEqual([
      'train.jsonl',
      'val.jsonl',
      'harbour',
      null,
      'results.json',
      'results.json',
    ]);
  });

  it('is what a record calls its dataset, but for addresses, which tell records apart', () => {
    expect(recordOrigin({ source: 'gqa', dataset: '' })).toBe('gqa');
    expect(recordOrigin({ source: 'gqa', data_source: 'visual_probe_hard' })).toBe('visual_probe_hard');
    expect(recordOrigin({ source: 'https://example.org/1.jpg' })).toBe(null);
    expect(recordOrigin({ source: 7, dataset: ['coco'] })).toBe(null);
  });
});
