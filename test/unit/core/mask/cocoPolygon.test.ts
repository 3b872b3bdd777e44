import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countsOf, pixelsOfRuns, runsOfPixels } from '../../../../src/core/mask/cocoMask';
import { cocoPolygonRuns, unionRuns } from '../../../../src/core/mask/cocoPolygon';
import { areaOf, runsOf } from '../../../../src/core/mask/rle';
import { boxOfRuns } from '../../../../src/core/mask/runsBox';

/** What pycocotools 2.0 gives for polygons in a picture of 60 × 50 pixels: `merge(frPyObjects(rings, 50, 60))`, `area`, `toBbox`. */
const vectors = [
  {
    name: 'a triangle',
    rings: [[10.5, 10.5, 30.25, 12, 20, 40]],
    counts: 'aa02`13M4L3M3M3M3M3M3M1OM3M4L3N2M3M3M3N2Mc^1',
    area: 279,
    bbox: [11, 11, 19, 28],
  },
  {
    name: 'swapped and outside',
    rings: [[-5, -7.5, 70, 20, 30, 90]],
    counts:
      '07[13M3M3M3M2N3M3M3M3M2N3M3M3M3M2N10O00001O001O00001O00001O00001O001O00001O00001O001O00001O00001O00001O001O0O1N3M2O1N3M2NB',
    area: 2247,
    bbox: [0, 0, 60, 50],
  },
  {
    name: 'crossing itself',
    rings: [[5, 5, 40, 40, 40, 5, 5, 40]],
    counts: 'o7R1a0N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2Nc10]N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2Ro0',
    area: 612,
    bbox: [5, 5, 35, 34],
  },
  {
    name: 'two rings overlap',
    rings: [
      [5, 5, 30, 5, 30, 30, 5, 30],
      [20, 20, 45, 20, 45, 45, 20, 45],
    ],
    counts: 'o7i0i00000000000000000000000000000?A00000000000000000?A0000000000000000000000000000jf0',
    area: 1150,
    bbox: [5, 5, 40, 40],
  },
  { name: 'thin', rings: [[10, 10, 10.2, 10, 10.2, 40, 10, 40]], counts: 'hm2', area: 0, bbox: [0, 0, 0, 0] },
  { name: 'one point thrice', rings: [[10, 10, 10, 10, 10, 10]], counts: 'hm2', area: 0, bbox: [0, 0, 0, 0] },
  {
    name: 'repeated corner',
    rings: [[10, 10, 10, 10, 30, 10, 30, 30]],
    counts: '`a01a11O1O1O1O1O1O1O1O1O1O1O1O1O1O1O1O1O1a^1',
    area: 190,
    bbox: [11, 10, 19, 19],
  },
  { name: 'the border', rings: [[0, 0, 60, 0, 60, 50, 0, 50]], counts: '0hm2', area: 3000, bbox: [0, 0, 60, 50] },
  {
    name: 'random 0',
    rings: [
      [13.86, 41.53084, 40.034092, -1.38, 48.0, 33.0, 4.47, 45.63, 32.888217, 10.96252, 11.3, 7.2, 8.0, 4.770975],
    ],
    counts:
      'e71`1001O1kN0g00[O5=MC:5GL>MC3c0F]O<c0GYO9f0HZO8e0H[O9d0F^O:a0EA;=FC<;CG=8CI=6BL>2BO?0A1`0M_O5a0J^O7c0H]O9c0E]O=c0B\\O`0d0_O\\Oa0f050VOZOh0f01O2O1N2N101N2O02O4L4L5J5L4L4K6Kia0',
    area: 1023,
    bbox: [4, 0, 44, 46],
  },
  {
    name: 'random 1',
    rings: [[5.0, 51.0, 11.0, 51.0, 54.58, 15.0, 32.588749, 32.0, 59.104416, 8.03, 16.72, 20.0]],
    counts:
      'k:3\\13N2M3M3N2M3N1N2N2O101O01O1O1O00100O1O001O1O010O1O1O00100MPOCP1=POCQ1<oNDR1=1N10lNES1:mNFT19lNGT193O1O1OhNJU16kNJV163O001O1O1O001O1O0010Z1',
    area: 737,
    bbox: [6, 8, 53, 42],
  },
  {
    name: 'random 3',
    rings: [
      [
        23.683409, 41.11, 22.0, 22.358046, 9.0, 4.0, 58.36, 16.29, 55.92, 40.0, 35.92, 45.0, 26.0, 8.67507, 37.0,
        16.037733, 32.98, 35.41,
      ],
    ],
    counts:
      'V>1a1100O2N1O2O0O2N1O101N1O2N6K;D1OO1QO_Ol0c0TO@h0`0XODc0=^OE><CG9:FJ57LK150KO51F78IB`0:A@f0>70O2O00000O101O000O101O000O101O000O101J5Fn2',
    area: 1003,
    bbox: [9, 4, 49, 41],
  },
];
const size = { width: 60, height: 50 };

describe('polygons become the masks of pycocotools', () => {
  it.each(vectors)('$name', ({ rings, counts, area, bbox: [x = 0, y = 0, width = 0, height = 0] }) => {
    const runs = unionRuns(rings.map((ring) => cocoPolygonRuns(ring, size)));
    expect(countsOf(runs)).toBe(counts);
    expect(areaOf(runs)).toBe(area);
    expect(boxOfRuns(runs, size.height)).toEqual(area === 0 ? null : { x1: x, y1: y, x2: x + width, y2: y + height });
  });
});

describe('a thousand masks', () => {
  const masks = fc.tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 24 })).chain(([width, height]) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      pixels: fc.uint8Array({ min: 0, max: 1, minLength: width * height, maxLength: width * height }),
    }),
  );

  it('come back from their runs, with the area and the box that counting gives', () => {
    fc.assert(
      fc.property(masks, ({ width, height, pixels }) => {
        const runs = runsOfPixels(pixels, width, height);
        expect(runsOf(countsOf(runs), [height, width])).toEqual(runs);
        expect(pixelsOfRuns(runs, width, height)).toEqual(pixels);
        const set = [...pixels.keys()].filter((i) => pixels[i] === 1);
        expect(areaOf(runs)).toBe(set.length);
        const [xs, ys] = [set.map((i) => i % width), set.map((i) => Math.floor(i / width))];
        const box = { x1: Math.min(...xs), y1: Math.min(...ys), x2: Math.max(...xs) + 1, y2: Math.max(...ys) + 1 };
        expect(boxOfRuns(runs, height)).toEqual(set.length === 0 ? null : box);
      }),
      { numRuns: 1000 },
    );
  });
});
