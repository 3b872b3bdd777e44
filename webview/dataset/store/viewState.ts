/** What the page remembers when its tab is hidden or the window is reloaded. Never data, only where the user was. */
export interface ViewState {
  readonly version: 1;
  /** Image at the cursor. */
  readonly image: number;
  readonly detail: boolean;
  readonly boxes: boolean;
  readonly asList: boolean;
  /** Side of a thumbnail, CSS pixels. */
  readonly side: number;
  readonly statistics: boolean;
  /** The query on show, as JSON; '' for everything. */
  readonly query: string;
}

export const firstViewState: ViewState = {
  version: 1,
  image: 0,
  detail: false,
  boxes: true,
  asList: false,
  side: 160,
  statistics: false,
  query: '',
};

/** Reads what `getState` returned: anything of another version or shape starts afresh, field by field. */
export function readViewState(stored: unknown): ViewState {
  if (typeof stored !== 'object' || stored === null) return firstViewState;
  const found = stored as Record<string, unknown>;
  if (found.version !== firstViewState.version) return firstViewState;
  const entries = Object.entries(firstViewState).map(([name, usual]) => {
    const value = found[name];
    return [name, typeof value === typeof usual && !Number.isNaN(value) ? value : usual];
  });
  return Object.fromEntries(entries) as ViewState;
}
