import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeXml } from '../../../../src/core/picture/escapeXml';
import { type SvgView, viewSvg } from '../../../../src/core/picture/viewSvg';

const ink = { stroke: '#3af', halo: 'rgba(0,0,0,.7)', text: 'black' };
const dot = 'data:image/png;base64,AAAA';
const box = (x1: number, y1: number, x2: number, y2: number) => ({ x1, y1, x2, y2 });
const view = (more: Partial<SvgView> = {}): SvgView => ({
  title: 'Rollout 2',
  part: box(100, 50, 500, 350),
  scale: 2,
  image: { href: dot, box: box(0, 0, 640, 480) },
  masks: [{ loops: [[100, 50, 110, 50, 110, 60]], ink, filled: true, stroke: 'dashed' }],
  marks: [
    { box: box(200, 100, 150, 150), number: '1', ink, stroke: 'solid', dim: false },
    { box: box(150, 100, 300, 150), number: '2', ink, stroke: 'dotted', dim: true },
    { box: box(120, 60, 120, 60), number: '', ink, stroke: 'solid', dim: false, point: 'plus' },
  ],
  strip: [{ href: dot, size: { width: 40, height: 20 }, words: 'Crop 1', current: true }],
  legend: [{ ink, number: '1', text: 'a dog, [150, 100, 200, 150] of the original' }],
  paper: { background: '#fff', text: '#111', border: '#888' },
  ...more,
});

describe('a view as SVG', () => {
  it('draws the part at its scale, every box in its place, and words that can be selected', () => {
    const svg = viewSvg(view());
    expect(svg).toContain(`<image href="${dot}" x="-188" y="-88" width="1280" height="960"`);
    expect(svg).toContain(
      '<rect x="112" y="112" width="100" height="100" fill="none" stroke="#3af" stroke-width="2"/>',
    );
    expect(svg).toContain('stroke-dasharray="2 3"');
    expect(svg).toContain('d="M12 12L32 12L32 32Z"');
    expect(svg).toContain('<text x="40" y="');
    expect(svg).toContain('>a dog, [150, 100, 200, 150] of the original</text>');
    expect(svg).toContain('>Crop 1</text>');
  });

  it('keeps numbers of boxes that begin in one place apart', () => {
    const svg = viewSvg(view());
    const badges = [...svg.matchAll(/<rect x="([\d.]+)" y="96" width="16" height="16"/g)].map(([, x]) => Number(x));
    expect(badges).toEqual([112, 129]);
  });

  it('holds no script and fetches nothing, whatever labels and hrefs say', () => {
    const hostile = '"><script>alert(1)</script><image href="https://x/y"/>\0\uD800';
    const svg = viewSvg(
      view({
        title: hostile,
        image: { href: 'https://example.org/a.png', box: box(0, 0, 1, 1) },
        strip: [{ href: 'javascript:alert(1)', size: { width: 1, height: 1 }, words: hostile, current: false }],
        legend: [{ ink, number: hostile, text: hostile }],
        marks: [
          { box: box(1, 1, 9, 9), number: hostile, ink: { ...ink, stroke: hostile }, stroke: 'solid', dim: false },
        ],
      }),
    );
    expect(svg).not.toMatch(/<script|<image/);
    expect([...svg.matchAll(/<([a-z]+)/gi)].map(([, name]) => name)).not.toContain('script');
  });

  it('escapes every text so that XML holds it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const escaped = escapeXml(text);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
        expect(escaped).not.toMatch(/[<>"'\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/);
      }),
    );
  });
});
