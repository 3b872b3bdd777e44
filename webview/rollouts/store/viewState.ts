import type { Box } from '../../../src/core/geometry/box';

/** What the view remembers when its tab is hidden or the window is reloaded. Never data, only where the user was. */
export interface ViewState {
  readonly version: 1;
  readonly group: number;
  readonly member: number;
  readonly leftWidth: number;
  readonly rightWidth: number;
  readonly bottomHeight: number;
  /** 0-based members of a group drawn beside the selected one. */
  readonly siblings: readonly number[];
  readonly truth: boolean;
  readonly taskBoxes: boolean;
  readonly chain: boolean;
  readonly meant: boolean;
  readonly tab: string;
  /** Part of the image on screen, original pixels, while zoomed into the selected group's image; null when fitted. */
  readonly visible: Box | null;
  readonly closedSections: readonly string[];
  /** The query on show, as JSON; '' for everything. */
  readonly query: string;
  /** The overview of the run stands in the place of the picture. */
  readonly overview: boolean;
}

export const firstViewState: ViewState = {
  version: 1,
  group: 0,
  member: 0,
  leftWidth: 300,
  rightWidth: 320,
  bottomHeight: 300,
  siblings: [],
  truth: true,
  taskBoxes: true,
  chain: false,
  meant: false,
  tab: 'turns',
  visible: null,
  closedSections: ['prompt'],
  query: '',
  overview: false,
};

/** Reads what `getState` returned: anything of another version or shape starts afresh, field by field. */
export function readViewState(stored: unknown): ViewState {
  if (typeof stored !== 'object' || stored === null) return firstViewState;
  const found = stored as Record<string, unknown>;
  if (found.version !== firstViewState.version) return firstViewState;
  const entries = Object.entries(firstViewState).map(([name, usual]) => [name, sameShape(found[name], usual)]);
  return Object.fromEntries(entries) as ViewState;
}

function sameShape(value: unknown, usual: unknown): unknown {
  if (Array.isArray(usual)) return Array.isArray(value) ? value : usual;
  if (usual === null) return isBox(value) ? value : null;
  if (typeof usual === 'number') return typeof value === 'number' && Number.isFinite(value) ? value : usual;
  return typeof value === typeof usual ? value : usual;
}

function isBox(value: unknown): value is Box {
  if (typeof value !== 'object' || value === null) return false;
  const { x1, y1, x2, y2 } = value as Record<string, unknown>;
  return [x1, y1, x2, y2].every(Number.isFinite);
}
