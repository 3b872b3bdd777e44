import { css, distinctColours, isDark, type Rgb, standingOut } from './palette';
import { PALETTE_SIZE } from './regionTable';

const HALO_ALPHA = 0.7;

/** How one place of the palette is painted. */
export interface InkColours {
  readonly stroke: string;
  /** Line on both sides of the stroke, so that it reads on any photo. */
  readonly halo: string;
  /** Text on a badge filled with the stroke. */
  readonly text: string;
}

export interface CanvasTheme {
  readonly inks: readonly InkColours[];
  /** What lines are set off with. */
  readonly halo: 'black' | 'white';
  readonly background: string;
  /** Second colour of the checker that shows through where there is no picture. */
  readonly checker: string;
  readonly border: string;
  readonly focus: string;
  readonly label: {
    readonly background: string;
    readonly text: string;
    readonly detail: string;
    readonly border: string;
  };
  readonly fontFamily: string;
  /** CSS pixels. */
  readonly fontSize: number;
}

/** One place of the palette: theme colours tried in this order (names without `--vscode-`), then one of our own. */
interface Wish {
  readonly place: number;
  readonly names: readonly string[];
  readonly own: Rgb;
}

/** The order of the list is the order of choosing: what is on screen most often gets its first wish. */
const WISHES: readonly Wish[] = [
  { place: 0, names: ['charts-blue', 'terminal-ansiBrightBlue', 'terminal-ansiBlue'], own: [50, 130, 240] },
  { place: 9, names: ['charts-green', 'terminal-ansiGreen', 'testing-iconPassed'], own: [60, 160, 75] },
  { place: 10, names: ['charts-foreground', 'foreground', 'editor-foreground'], own: [200, 200, 200] },
  { place: 1, names: ['charts-orange'], own: [240, 120, 20] },
  { place: 2, names: ['charts-purple'], own: [150, 90, 215] },
  { place: 3, names: ['charts-red', 'terminal-ansiBrightRed', 'terminal-ansiRed'], own: [225, 45, 60] },
  { place: 4, names: ['terminal-ansiBrightCyan', 'terminal-ansiCyan'], own: [0, 190, 200] },
  { place: 5, names: ['terminal-ansiBrightYellow', 'charts-yellow', 'terminal-ansiYellow'], own: [235, 215, 20] },
  { place: 6, names: ['terminal-ansiBrightMagenta', 'terminal-ansiMagenta'], own: [225, 80, 200] },
  { place: 7, names: ['terminal-ansiBrightGreen'], own: [175, 230, 20] },
  { place: 8, names: [], own: [255, 165, 150] },
];

/** For places whose wishes came too close to one another: further hues. */
const SPARE: readonly Rgb[] = [
  [140, 20, 70],
  [120, 70, 30],
  [255, 120, 180],
  [30, 50, 110],
  [150, 240, 210],
  [130, 130, 130],
];

/** Reads the colours in force from VS Code's variables. */
export function readTheme(element: HTMLElement): CanvasTheme {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(`--vscode-${name}`).trim();
  const first = (fallback: string, ...names: string[]) =>
    names.map(read).find((value) => value !== '' && CSS.supports('color', value)) ?? fallback;
  const parse = colourParser();
  const background = parse(read('editor-background')) ?? [31, 31, 31];
  const halo = isDark(background) ? 'black' : 'white';
  const chosen = distinctColours(
    WISHES.map(({ names, own }) => {
      const found = names.map((name) => parse(read(name))).filter((colour) => colour !== null);
      return [...found, own, ...SPARE].map((colour) => standingOut(colour, halo));
    }),
  );
  const inks: InkColours[] = Array.from({ length: PALETTE_SIZE }, (_, place) =>
    inkOf(chosen[WISHES.findIndex((wish) => wish.place === place)] ?? [128, 128, 128], halo),
  );
  const foreground = first('#808080', 'foreground', 'editor-foreground');
  const contrast = first('', 'contrastBorder');
  return {
    inks,
    halo,
    background: first('#1e1e1e', 'editor-background'),
    checker: css(halo === 'black' ? WHITE : BLACK, 0.06),
    border: contrast || first('#808080', 'editorWidget-border', 'widget-border', 'panel-border'),
    focus: first(foreground, 'focusBorder', 'contrastActiveBorder'),
    label: {
      background: first('#252526', 'editorHoverWidget-background', 'editorWidget-background'),
      text: first(foreground, 'editorHoverWidget-foreground', 'foreground'),
      detail: first(foreground, 'descriptionForeground'),
      border: contrast || first('#808080', 'editorHoverWidget-border', 'editorWidget-border'),
    },
    fontFamily: read('font-family') || 'sans-serif',
    fontSize: Number.parseFloat(read('font-size')) || 13,
  };
}

/** Calls back after VS Code changed its theme; returns how to stop. */
export function watchTheme(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['style', 'class', 'data-vscode-theme-kind'] });
  return () => observer.disconnect();
}

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** A colour of ours as lines, badges and their text have it. */
export function inkOf(colour: Rgb, around: 'black' | 'white'): InkColours {
  const halo = around === 'black' ? BLACK : WHITE;
  return { stroke: css(colour), halo: css(halo, HALO_ALPHA), text: css(halo) };
}

/** Any CSS colour to RGB, by painting it: variables may hold names, hex, rgb() or color-mix(). */
function colourParser(): (value: string) => Rgb | null {
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return (value) => {
    if (context === null || value === '' || !CSS.supports('color', value)) return null;
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = value;
    context.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0, a = 0] = context.getImageData(0, 0, 1, 1).data;
    return a < 128 ? null : [r, g, b];
  };
}
