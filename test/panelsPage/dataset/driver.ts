import type { Page } from 'playwright-core';
import { painted } from '../driver';

/** What the dataset editor's test hook tells, as far as tests read it. */
export interface DatasetSnapshot {
  readonly mode: 'grid' | 'detail';
  readonly image: number;
  readonly grid: { readonly top: number; readonly columns: number; readonly from: number; readonly to: number };
  readonly cursor: { readonly place: number; readonly image: number };
  readonly selected: readonly number[];
  readonly listed: number;
  readonly sections: readonly { readonly title: string; readonly images: number }[];
  readonly query: { readonly chips: readonly unknown[]; readonly where: string };
  readonly status: { readonly kind: string };
  readonly statistics: boolean;
  readonly asList: boolean;
  readonly side: number;
}

export const datasetSnapshot = (page: Page): Promise<DatasetSnapshot> =>
  page.evaluate<DatasetSnapshot>(`window.fake.channel.call('test/snapshot', {})`);

/** Presses keys one after another; `Space` stands for the space bar. */
export async function pressed(page: Page, keys: string): Promise<void> {
  for (const key of keys.split(' ')) await page.keyboard.press(key === 'Space' ? ' ' : key);
  await painted(page);
}
