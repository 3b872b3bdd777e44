import { contrasting, css, distinctColours, type Rgb } from './palette';
import { PALETTE_SIZE } from './regionTable';

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

/** Names tried for each place of the palette, without `--vscode-`; the order of the list is the order of choosing. */
const WISHES: readonly (readonly [place: number, ...names: string[]])[] = [
  [0, 'charts-blue', 'terminal-ansiBrightBlue', 'terminal-ansiBlue', 'focusBorder'],
  [9, 'charts-green', 'terminal-ansiGreen', 'testing-iconPassed'],
  [10, 'charts-foreground', 'foreground', 'terminal-ansiBrightWhite', 'terminal-ansiBlack'],
  [1, 'charts-orange'],
  [2, 'charts-purple'],
  [3, 'charts-red', 'terminal-ansiRed', 'terminal-ansiBrightRed'],
  [4, 'terminal-ansiBrightCyan', 'terminal-ansiCyan'],
  [5, 'charts-yellow', 'terminal-ansiBrightYellow', 'terminal-ansiYellow'],
  [6, 'terminal-ansiBrightMagenta', 'terminal-ansiMagenta'],
  [7, 'terminal-ansiBrightGreen'],
  [8, 'terminal-ansiBrightBlack'],
];

/** For themes that leave names out or give several the same colour: hues of middle lightness, readable on both kinds. */
const FALLBACKS: readonly Rgb[] = [
  [236, 112, 20],
  [160, 95, 225],
  [222, 45, 60],
  [0, 160, 190],
  [205, 165, 0],
  [230, 90, 175],
  [120, 170, 30],
  [160, 105, 60],
  [20, 110, 215],
  [40, 140, 70],
  [125, 130, 145],
  [250, 170, 150],
  [70, 70, 160],
];

/** Reads the colours in force from VS Code's variables. */
export function readTheme(element: HTMLElement): CanvasTheme {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(`--vscode-${name}`).trim();
  const first = (fallback: string, ...names: string[]) =>
    names.map(read).find((value) => value !== '' && CSS.supports('color', value)) ?? fallback;
  const parse = colourParser();
  const wishes = WISHES.map(([, ...names]) => [
    ...names.map((name) => parse(read(name))).filter((colour) => colour !== null),
    ...FALLBACKS,
  ]);
  const chosen = distinctColours(wishes);
  const inks: InkColours[] = Array.from({ length: PALETTE_SIZE }, (_, place) =>
    inkOf(chosen[WISHES.findIndex(([p]) => p === place)] ?? [128, 128, 128]),
  );
  const foreground = first('#808080', 'foreground', 'editor-foreground');
  const contrast = first('', 'contrastBorder');
  return {
    inks,
    background: first('#1e1e1e', 'editor-background'),
    checker: first('rgba(128, 128, 128, 0.12)', 'editorWidget-background', 'sideBar-background'),
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

function inkOf(colour: Rgb): InkColours {
  const contrast = contrasting(colour);
  return { stroke: css(colour), halo: css(contrast, contrast[0] === 0 ? 0.6 : 0.8), text: css(contrast) };
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
