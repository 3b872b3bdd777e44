import { expect, test } from 'vitest';
import { imageSetAssociation } from '../../../src/host/commands/imageSetAssociation';

test('Always Open takes files of an image set by their folder and ending, or by a name that is theirs', () => {
  const glob = (format: Parameters<typeof imageSetAssociation>[0]['format'], path: string, folder = false) =>
    imageSetAssociation({ format, path, folder }).glob;
  expect(glob('coco', '/data/annotations/instances_val2017.json')).toBe('**/annotations/*.json');
  expect(glob('sft-json', '/data/sft/train.jsonl')).toBe('**/sft/*.jsonl');
  expect(glob('yolo', '/data/boats/data.yaml')).toBe('**/boats/data.yaml');
  expect(glob('imagefolder', '/data/boats', true)).toBe('**/boats/metadata.{jsonl,csv}');
  expect(glob('image-folder', '/photos/a.JPG')).toBe('**/photos/*.JPG');
  expect(imageSetAssociation({ format: 'labelme', path: '/data/x[1]', folder: true })).toEqual({
    glob: '**/x?1?/*.json',
    what: 'x[1]/*.json',
  });
});
