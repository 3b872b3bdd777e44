/** Colours of a plot, read from the page's CSS: canvases know no variables. */
export interface PlotTheme {
  readonly text: string;
  readonly grid: string;
  readonly cursor: string;
  readonly font: string;
  /** By place of the page's palette. */
  ink(place: number): string;
  /** The same, `share` opaque. */
  wash(place: number, share: number): string;
}

export function readPlotTheme(node: Element): PlotTheme {
  const style = getComputedStyle(node);
  const read = (name: string, usual: string) => style.getPropertyValue(name).trim() || usual;
  const foreground = read('--vscode-foreground', '#888888');
  const ink = (place: number) => read(`--ink-${place}`, foreground);
  return {
    text: read('--vscode-descriptionForeground', foreground),
    grid: mixed(foreground, 0.1),
    cursor: mixed(foreground, 0.55),
    font: `11px ${read('--vscode-font-family', 'sans-serif')}`,
    ink,
    wash: (place, share) => mixed(ink(place), share),
  };
}

function mixed(colour: string, share: number): string {
  return `color-mix(in srgb, ${colour} ${Math.round(share * 100)}%, transparent)`;
}
