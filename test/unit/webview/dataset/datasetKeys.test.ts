import { describe, expect, it } from 'vitest';
import { datasetKeys } from '../../../../webview/dataset/keys';

describe('keys of the dataset editor', () => {
  it.each(['grid', 'detail'] as const)('mean one thing each: %s', (mode) => {
    const rows = datasetKeys.filter(({ place }) => place === 'all' || place === mode);
    const keys = rows.flatMap((row) => row.keys);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });
});
