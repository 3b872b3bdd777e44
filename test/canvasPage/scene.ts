import type { CanvasMask, CanvasRegion } from '../../webview/canvas/imageCanvas';

/** Original size of the page's picture, pixels. */
export const SIZE = { width: 2400, height: 1600 };

/** A small seeded generator (mulberry32): the page looks the same in every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A picture with bright, dark, flat and busy parts, so that strokes prove themselves on each. */
export function drawPhoto(width: number, height: number): Promise<ImageBitmap> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d')!;
  const random = seeded(7);
  context.scale(width / SIZE.width, height / SIZE.height);
  const sky = context.createLinearGradient(0, 0, 0, 700);
  sky.addColorStop(0, '#7fb2e5');
  sky.addColorStop(1, '#f4ead2');
  context.fillStyle = sky;
  context.fillRect(0, 0, 2400, 700);
  const ground = context.createLinearGradient(0, 700, 0, 1600);
  ground.addColorStop(0, '#5d6b3f');
  ground.addColorStop(1, '#15180f');
  context.fillStyle = ground;
  context.fillRect(0, 700, 2400, 900);
  for (let i = 0; i < 420; i++) {
    const y = 720 + random() * 860;
    const side = 8 + (y - 700) * 0.06 * (0.4 + random());
    context.fillStyle = `hsl(${Math.floor(random() * 360)} ${30 + random() * 50}% ${25 + random() * 50}%)`;
    context.fillRect(random() * 2400, y, side * (1 + random()), side);
  }
  context.fillStyle = '#f7f7f7';
  context.fillRect(1500, 420, 620, 340);
  context.fillStyle = '#1c1c1c';
  context.font = '600 90px sans-serif';
  context.fillText('GATE 27', 1610, 620);
  return createImageBitmap(canvas);
}

const region = (id: string, box: [number, number, number, number], more: Partial<CanvasRegion> = {}): CanvasRegion => ({
  id,
  box: { x1: box[0], y1: box[1], x2: box[2], y2: box[3] },
  number: id,
  title: '',
  palette: 0,
  stroke: 'solid',
  emphasis: 'strong',
  ...more,
});

/** One rollout, all its siblings, ground truth and a task box; some boxes outside the image, without area, or swapped. */
export function groupScene(): CanvasRegion[] {
  const random = seeded(3);
  const regions: CanvasRegion[] = [
    region('1', [1560, 500, 2080, 690], { title: 'sign with the gate number' }),
    region('2', [420, 980, 640, 1120], { title: 'blue crate' }),
    region('3', [2200, 1300, 2560, 1680], { title: 'partly outside' }),
    region('4', [1000, 1200, 1000, 1200], { title: 'no area' }),
    region('5', [900, 420, 700, 300], { title: 'swapped corners' }),
    region('6', [450, 1000, 520, 1060], { title: 'inside 2' }),
    region('T', [1580, 520, 2050, 660], { palette: 9, stroke: 'dashed', emphasis: 'normal', title: 'ground truth' }),
    region('', [1480, 400, 2140, 780], { palette: 10, stroke: 'dotted', emphasis: 'normal', title: 'task box' }),
  ];
  for (let sibling = 1; sibling <= 8; sibling++) {
    for (let k = 0; k < 3; k++) {
      const x = [1560, 420, 1100][k]! + (random() - 0.5) * 260;
      const y = [480, 960, 1180][k]! + (random() - 0.5) * 160;
      const box: [number, number, number, number] = [x, y, x + 180 + random() * 240, y + 100 + random() * 120];
      regions.push(
        region(`${sibling}.${k}`, box, { number: `${sibling}·${k + 1}`, palette: sibling, emphasis: 'normal' }),
      );
    }
  }
  return regions;
}

/** Many boxes of mixed sizes and styles, as a bench of crowding. */
export function crowd(count: number, seed: number): CanvasRegion[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, i) => {
    const width = 10 + random() ** 3 * 500;
    const height = 10 + random() ** 3 * 400;
    const x = random() * (SIZE.width - width / 2);
    const y = random() * (SIZE.height - height / 2);
    const palette = i % 9;
    return region(`${seed}-${i}`, [x, y, x + width, y + height], {
      number: String(i + 1),
      palette: i % 10 === 9 ? 9 : palette,
      stroke: i % 10 === 9 ? 'dashed' : 'solid',
      emphasis: palette === 0 ? 'strong' : 'normal',
    });
  });
}

/** Blobs with borders of 600 corners, as masks along pixel edges have them. */
export function maskCrowd(count: number): readonly CanvasMask[] {
  const columns = Math.ceil(Math.sqrt((count * SIZE.width) / SIZE.height));
  const step = SIZE.width / columns;
  return Array.from({ length: count }, (_, i) => {
    const [x, y] = [((i % columns) + 0.5) * step, (Math.floor(i / columns) + 0.5) * step];
    const loop = new Float32Array(1200);
    for (let corner = 0; corner < 600; corner++) {
      const angle = (2 * Math.PI * corner) / 600;
      const radius = step * (0.5 + 0.1 * Math.sin(5 * angle + i) + 0.01 * (corner % 3));
      loop[2 * corner] = Math.round(x + radius * Math.cos(angle));
      loop[2 * corner + 1] = Math.round(y + radius * Math.sin(angle));
    }
    return { loops: [loop], palette: 1 + (i % 8), filled: true, stroke: 'solid' };
  });
}
