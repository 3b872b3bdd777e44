import { describe, expect, test } from 'vitest';
import { associationFor } from '../../../src/host/commands/association';

describe('the glob that Always Open writes', () => {
  test("takes a verl run's folder by its name, not every JSONL", () => {
    const file = associationFor({ format: 'verl-dump', path: '/runs/a/rollouts/7.jsonl', folder: false });
    const folder = associationFor({ format: 'verl-dump', path: '/runs/a/rollouts', folder: true });
    expect(file.glob).toBe('**/rollouts/*.jsonl');
    expect(folder).toEqual(file);
  });

  test('takes ACTIVE-O3 outputs by their name wherever they are', () => {
    const { glob } = associationFor({ format: 'active-o3-demo', path: '/out/json/a-cup_mid.json', folder: false });
    expect(glob).toBe('**/*_mid.json');
  });

  test('lets no character of a folder name act as a pattern', () => {
    const { glob, what } = associationFor({ format: 'verl-dump', path: '/runs/lr{1e-6,x}[a]*/1.jsonl', folder: false });
    expect(glob).toBe('**/lr?1e-6?x??a??/*.jsonl');
    expect(what).toBe('lr{1e-6,x}[a]*/*.jsonl');
  });
});
