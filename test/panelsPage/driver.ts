import type { Page } from 'playwright-core';
import type { Box } from '../../src/core/geometry/box';

/** What the editor's test hook tells, as far as tests read it. */
export interface PanelsSnapshot {
  readonly list: {
    readonly top: number;
    readonly cursor: { readonly group: number; readonly member: number } | null;
    readonly rows: readonly { readonly id: string; readonly text: string }[];
  };
  readonly selection: {
    readonly place: { readonly group: number; readonly member: number } | null;
    readonly detail: string;
    readonly row: number | null;
    readonly hover: string | null;
    readonly region: string | null;
    readonly siblings: readonly number[];
    readonly truth: boolean;
  };
  readonly marks: {
    readonly list: readonly { readonly id: string; readonly box: unknown }[];
    readonly unknown: readonly string[];
  };
  readonly state: { readonly revision: number; readonly frames: readonly unknown[] };
  readonly chain: { readonly open: boolean; readonly kind: string; readonly look: number };
  readonly image: string | null;
  readonly imageSize: { readonly width: number; readonly height: number } | null;
  readonly tab: string;
  readonly segment: {
    readonly on: boolean;
    readonly clicks: readonly { readonly x: number; readonly y: number; readonly positive: boolean }[];
    readonly box: Box | null;
    readonly mask: unknown;
    readonly waiting: boolean;
    readonly drawn: number;
  };
  readonly rerun: {
    readonly running: boolean;
    readonly total: number;
    readonly done: readonly { readonly loggedIou: number | null; readonly iou: number | null }[];
  } | null;
  readonly filter: { readonly query: unknown; readonly status: unknown; readonly found: number | null };
  readonly canvas: {
    readonly regions: readonly { readonly id: string; readonly box: Box }[];
    readonly masks: number;
    readonly tiles: number;
    readonly detail: Box | null;
    readonly maskInHand: boolean;
    readonly viewport: { readonly scale: number; readonly visible: Box };
    readonly hover: string | null;
    readonly selection: string | null;
  };
}

export const snapshot = (page: Page): Promise<PanelsSnapshot> =>
  page.evaluate<PanelsSnapshot>(`window.fake.channel.call('test/snapshot', {})`);

/** Waits until the selected rollout and its picture are on screen. */
export async function settled(page: Page): Promise<PanelsSnapshot> {
  for (;;) {
    await painted(page);
    const now = (await snapshot(page)) as PanelsSnapshot | null;
    if (now?.selection.detail === 'ready' && (now.imageSize !== null || now.image !== 'resolved')) return now;
  }
}

/** Waits until an expression holds in the page, whose content policy forbids the evaluation that Playwright's own waiting needs. */
export async function until(page: Page, expression: string): Promise<void> {
  while (!(await page.evaluate<boolean>(`Boolean(${expression})`))) await painted(page);
}

/** After this no call is answered any more. */
export const freezeHost = (page: Page): Promise<unknown> => page.evaluate('window.fake.frozen = true');

/** Two frames: what was asked for before is painted. */
export const painted = (page: Page): Promise<unknown> =>
  page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');

export async function press(page: Page, keys: string): Promise<void> {
  for (const key of keys.split(' ')) await page.keyboard.press(key);
  await painted(page);
}
