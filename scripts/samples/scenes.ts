/**
 * The synthetic scenes: high-resolution pictures with small countable objects and readable numbers. Drawn from above so that
 * every object's silhouette is one polygon.
 */
import type { Size } from '../../src/core/geometry/box';
import { type Random, seeded } from './random';
import { ellipsePoints, numberSvg, type Point, place, polygonSvg, rasterise, rectanglePoints, round } from './shapes';

export interface SceneObject {
  readonly category: string;
  /** The number painted on it; null without one. */
  readonly number: string | null;
  readonly silhouette: readonly Point[];
  readonly mask: ReturnType<typeof rasterise>;
}

export interface Scene {
  readonly name: string;
  readonly size: Size;
  readonly svg: string;
  readonly objects: readonly SceneObject[];
}

/** Collects what is drawn; later shapes lie on top. Objects never overlap, so silhouettes are what is seen. */
class Painter {
  readonly parts: string[] = [];
  readonly objects: SceneObject[] = [];

  constructor(
    readonly name: string,
    readonly size: Size,
    background: string,
  ) {
    this.parts.push(`<rect width="${size.width}" height="${size.height}" fill="${background}"/>`);
  }

  add(svg: string): void {
    this.parts.push(svg);
  }

  object(category: string, silhouette: readonly Point[], fill: string, number: string | null = null): void {
    this.parts.push(polygonSvg(silhouette, `fill="${fill}" shape-rendering="crispEdges"`));
    this.objects.push({ category, number, silhouette, mask: rasterise(silhouette, this.size) });
  }

  scene(): Scene {
    const { width, height } = this.size;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${this.parts.join('')}</svg>`;
    return { name: this.name, size: this.size, svg, objects: this.objects };
  }
}

/** Centres at least `apart` pixels from one another, inside the given rectangle. */
function scatter(
  random: Random,
  count: number,
  apart: number,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): Point[] {
  const found: Point[] = [];
  for (let tries = 0; found.length < count && tries < count * 200; tries++) {
    const p = { x: random.between(x1, x2), y: random.between(y1, y2) };
    if (found.every((q) => Math.hypot(p.x - q.x, p.y - q.y) >= apart)) found.push(p);
  }
  return found;
}

const hull: readonly Point[] = [
  { x: -30, y: -9 },
  { x: 14, y: -9 },
  { x: 26, y: -4 },
  { x: 32, y: 0 },
  { x: 26, y: 4 },
  { x: 14, y: 9 },
  { x: -30, y: 9 },
];

/** Boats on the water in two anchorages, one numbered ferry. */
function harbour(): Scene {
  const random = seeded(11);
  const painter = new Painter('harbour', { width: 2400, height: 1600 }, '#2f5d77');
  for (let i = 0; i < 260; i++) {
    const [x, y, w] = [random.between(0, 2400), random.between(0, 1600), random.between(20, 70)];
    painter.add(
      `<path d="M${round(x)},${round(y)} q${round(w / 4)},-5 ${round(w / 2)},0 t${round(w / 2)},0" fill="none" stroke="#447791" stroke-width="2"/>`,
    );
  }
  painter.add('<path d="M0,0 H2400 V150 C1900,230 1500,120 1080,190 S300,260 0,170 Z" fill="#8c8a6d"/>');
  painter.add('<path d="M0,0 H2400 V120 C1900,190 1500,90 1080,150 S300,220 0,140 Z" fill="#6f7f55"/>');
  for (const x of [420, 520, 620]) painter.add(`<rect x="${x}" y="150" width="16" height="330" fill="#b7a27c"/>`);
  const boats = [
    ...scatter(random, 17, 78, 330, 520, 860, 860),
    ...scatter(random, 11, 82, 1620, 1050, 2080, 1400),
    ...scatter(random, 3, 300, 1000, 350, 2250, 800),
  ];
  for (const p of boats) {
    const angle = random.between(0, 2 * Math.PI);
    const scale = random.between(0.75, 1.1);
    painter.object('boat', place(hull, p.x, p.y, angle, scale), random.pick(['#f1efe6', '#e8e2d0', '#d9e4ea']));
    painter.add(
      polygonSvg(
        place(rectanglePoints(20, 9), p.x - 6 * Math.cos(angle), p.y - 6 * Math.sin(angle), angle, scale),
        'fill="#9a6b45"',
      ),
    );
  }
  const ferry = place(hull, 1330, 1240, -0.22, 3.1);
  painter.object('ferry', ferry, '#f5f3ee', '47');
  painter.add(polygonSvg(place(rectanglePoints(96, 40), 1316, 1243, -0.22), 'fill="#c8473d"'));
  painter.add(numberSvg('47', 1316, 1243, 24, -0.22, '#ffffff'));
  return painter.scene();
}

/** A car park: rows of bays, cars in some of them, every bay numbered, one taxi. */
function carPark(): Scene {
  const random = seeded(23);
  const painter = new Painter('car-park', { width: 2240, height: 1680 }, '#5a5d60');
  const body: readonly Point[] = [
    { x: -26, y: -11 },
    { x: -23, y: -13 },
    { x: 20, y: -13 },
    { x: 27, y: -8 },
    { x: 27, y: 8 },
    { x: 20, y: 13 },
    { x: -23, y: 13 },
    { x: -26, y: 11 },
  ];
  const colours = ['#c9ccd1', '#23272e', '#8b1e24', '#27477a', '#eceae4', '#7c8288'];
  let bay = 100;
  for (let row = 0; row < 8; row++) {
    const top = 120 + row * 190;
    painter.add(`<rect x="160" y="${top - 4}" width="1924" height="4" fill="#d9d6c8"/>`);
    for (let column = 0; column < 37; column++) {
      const x = 160 + column * 52;
      painter.add(`<rect x="${x}" y="${top}" width="3" height="88" fill="#d9d6c8"/>`);
      bay++;
      if (column % 4 === 1) painter.add(numberSvg(String(bay), x + 27, top + 104, 13, 0, '#b9b59f'));
      const full = row === 1 || row === 5 ? 0.72 : 0.14;
      if (row === 3 && column === 21) {
        painter.object('taxi', place(body, x + 27, top + 45, Math.PI / 2, 1.25), '#e3b51c', '318');
        painter.add(numberSvg('318', x + 27, top + 45, 11, Math.PI / 2, '#1b1b1b'));
      } else if (random.next() < full) {
        const turn = random.pick([Math.PI / 2, -Math.PI / 2]) + random.between(-0.05, 0.05);
        const fill = random.pick(colours);
        painter.object('car', place(body, x + 27, top + 45, turn, random.between(1.05, 1.25)), fill);
        painter.add(
          polygonSvg(
            place(rectanglePoints(11, 20), x + 27, top + 45 + 9 * Math.sin(turn), turn),
            'fill="#11151a" fill-opacity="0.7"',
          ),
        );
      }
    }
  }
  return painter.scene();
}

/** Parcels on shelves, portrait, each with a readable label. */
function depot(): Scene {
  const random = seeded(37);
  const painter = new Painter('depot', { width: 1500, height: 2200 }, '#3d3a38');
  const labels = random.shuffle(Array.from({ length: 900 }, (_, i) => String(100 + i)));
  for (let shelf = 0; shelf < 7; shelf++) {
    const floor = 310 + shelf * 300;
    painter.add(`<rect x="60" y="${floor}" width="1380" height="22" fill="#94643a"/>`);
    painter.add(`<rect x="60" y="${floor + 22}" width="1380" height="8" fill="#6a4526"/>`);
    let x = 90;
    while (x < 1290) {
      const width = random.integer(70, 150);
      const height = random.integer(60, 190);
      if (random.next() < 0.72) {
        const number = labels.pop() ?? '';
        const centre = { x: x + width / 2, y: floor - height / 2 };
        painter.object(
          'parcel',
          place(rectanglePoints(width, height), centre.x, centre.y, 0),
          random.pick(['#c49a6c', '#b5895a', '#d0aa7d']),
          number,
        );
        painter.add(
          `<rect x="${x}" y="${floor - height / 2 - 4}" width="${width}" height="8" fill="#e4d3b3" fill-opacity="0.55"/>`,
        );
        painter.add(`<rect x="${x + 8}" y="${floor - 38}" width="54" height="26" fill="#f7f5ee"/>`);
        painter.add(numberSvg(number, x + 35, floor - 25, 14, 0, '#202020'));
      }
      x += width + random.integer(6, 60);
    }
  }
  return painter.scene();
}

/** Sheep on a meadow. 2250 × 1500 on purpose: its model input is 2240 × 1512, so a wrong frame looks almost right. */
function meadow(): Scene {
  const random = seeded(53);
  const painter = new Painter('meadow', { width: 2250, height: 1500 }, '#6d8f4e');
  for (let i = 0; i < 420; i++) {
    const [x, y] = [round(random.between(0, 2250)), round(random.between(0, 1500))];
    painter.add(
      `<path d="M${x},${y} l4,-12 l4,12" fill="none" stroke="${random.pick(['#5d8042', '#7d9f5a'])}" stroke-width="3"/>`,
    );
  }
  painter.add(
    '<path d="M-40,1000 C420,900 800,1120 1300,1050 S2000,860 2300,930" fill="none" stroke="#a08a5c" stroke-width="62"/>',
  );
  for (const p of scatter(random, 22, 190, 80, 80, 2170, 860)) {
    const r = random.between(34, 60);
    painter.add(`<circle cx="${round(p.x)}" cy="${round(p.y)}" r="${round(r)}" fill="#3f6136"/>`);
    painter.add(`<circle cx="${round(p.x - 8)}" cy="${round(p.y - 8)}" r="${round(r * 0.7)}" fill="#4c7340"/>`);
  }
  const flock = [...scatter(random, 19, 44, 1500, 1120, 1900, 1400), ...scatter(random, 6, 60, 240, 1160, 520, 1380)];
  for (const p of flock) {
    const angle = random.between(0, 2 * Math.PI);
    painter.object('sheep', place(ellipsePoints(17, 11), p.x, p.y, angle), random.pick(['#f3f0e7', '#e6e1d4']));
    painter.add(
      polygonSvg(
        place(ellipsePoints(5, 4, 10), p.x + 17 * Math.cos(angle), p.y + 17 * Math.sin(angle), angle),
        'fill="#2d2a27"',
      ),
    );
  }
  return painter.scene();
}

export function allScenes(): Scene[] {
  return [harbour(), carPark(), depot(), meadow()];
}
