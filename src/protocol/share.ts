/** How a view is to be saved. */
export interface ViewChoice {
  readonly format: 'svg' | 'png';
  /** The whole image, or what is on screen of it. */
  readonly part: 'all' | 'visible';
  /** Pixels for a pixel of the original. */
  readonly scale: number;
  /** Pixels that the picture is to be wide; goes before the scale. */
  readonly width: number | null;
}

/** Served by the host to a webview. */
export type ShareHostMethods = {
  /** Asks how the view is to be saved; null when the user thought better of it. */
  'share/choose': (p: { readonly zoomed: boolean }) => ViewChoice | null;
  /** Asks for a file and writes it; false when the user thought better of it. SVG comes as text, PNG as bytes. */
  'share/save': (p: { readonly format: ViewChoice['format']; readonly content: string | Uint8Array }) => boolean;
  /** Asks for a file and writes rollouts of a group into it as a page that needs no server; false when dismissed. */
  'share/html': (p: { readonly group: number; readonly members: readonly number[] }) => boolean;
};
