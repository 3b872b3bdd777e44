import { createImageCanvas, type ImageCanvas } from '../../webview/canvas/imageCanvas';
import { crowd, drawPhoto, groupScene, maskCrowd, SIZE } from './scene';
import { measureMotion, measureRedraw } from './stopwatch';
import { THEMES } from './themes';

/** What scripts outside the browser drive: `window.p`, there once `window.ready` is fulfilled. */
export interface CanvasPage {
  readonly canvas: ImageCanvas;
  theme(name: keyof typeof THEMES): void;
  group(): void;
  crowd(count: number): void;
  /** One rollout in front of dimmed siblings. */
  dimmed(): void;
  /** Full pixels over a part of the preview. */
  detail(): Promise<void>;
  empty(): void;
  awaiting(): void;
  motion(count: number, frames: number): ReturnType<typeof measureMotion>;
  redraw(count: number, times: number): ReturnType<typeof measureRedraw>;
  /** Ragged masks all over the picture. */
  masks(count: number): void;
  maskMotion(count: number, frames: number): ReturnType<typeof measureMotion>;
}

async function open(): Promise<CanvasPage> {
  const canvas = createImageCanvas({ label: 'Image with regions', reducedMotion: location.hash === '#still' });
  const picture = { source: await drawPhoto(1200, 800), box: { x1: 0, y1: 0, x2: SIZE.width, y2: SIZE.height } };
  const show = () => canvas.setImage(SIZE, picture, 'photo');
  const page: CanvasPage = {
    canvas,
    theme: (name) => {
      const { style } = document.documentElement;
      const { bodyClass, variables } = THEMES[name];
      for (const key of Array.from(style)) style.removeProperty(key);
      for (const [key, value] of Object.entries(variables)) style.setProperty(`--vscode-${key}`, value);
      document.body.className = bodyClass;
    },
    group: () => {
      show();
      canvas.setRegions(groupScene());
    },
    crowd: (count) => {
      show();
      canvas.setRegions(crowd(count, 1));
    },
    dimmed: () => {
      show();
      canvas.setRegions(
        groupScene().map((region) => (region.palette % 9 === 0 ? region : { ...region, emphasis: 'dim' })),
      );
    },
    detail: async () => {
      const full = await drawPhoto(SIZE.width, SIZE.height);
      const box = { x1: 1500, y1: 500, x2: 1700, y2: 620 };
      canvas.setDetail({ source: await createImageBitmap(full, 1500, 500, 200, 120), box });
    },
    empty: () => {
      canvas.setImage(null, null);
      canvas.setRegions(groupScene());
    },
    awaiting: () => {
      canvas.setImage(SIZE, null, 'awaiting');
      canvas.setRegions(groupScene());
    },
    motion: (count, frames) => {
      page.crowd(count);
      return measureMotion(canvas, frames);
    },
    masks: (count) => {
      show();
      canvas.setRegions([]);
      canvas.setMasks(maskCrowd(count));
    },
    maskMotion: (count, frames) => {
      page.masks(count);
      return measureMotion(canvas, frames);
    },
    redraw: (count, times) => {
      show();
      return measureRedraw(canvas, [crowd(count, 1), crowd(count, 2)], times);
    },
  };
  page.theme('dark');
  document.body.append(canvas.element);
  return page;
}

const ready = open().then((p) => Object.assign(window, { p }));
Object.assign(window, { ready });
