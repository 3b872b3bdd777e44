import { describe, expect, it } from 'vitest';
import { placeIn } from '../../../src/host/editors/placeIn';

describe('the place a problem links to', () => {
  it('is a file of the trace, or the run’s configuration', () => {
    expect(placeIn('/run/dumps', '7.jsonl', null)).toBe('/run/dumps/7.jsonl');
    expect(placeIn('/run/dumps', 'json/..a.json', null)).toBe('/run/dumps/json/..a.json');
    expect(placeIn('/run/dumps', '/run/.hydra/config.yaml', '/run/.hydra/config.yaml')).toBe('/run/.hydra/config.yaml');
  });

  it.each(['../../etc/passwd', '/etc/passwd', '..', 'json/../../x'])('is never %s', (file) => {
    expect(() => placeIn('/run/dumps', file, '/run/.hydra/config.yaml')).toThrow(/outside \/run\/dumps/);
  });
});
