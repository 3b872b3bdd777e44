import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Keypoint, Shape } from '../../../src/core/dataset/shape';
import type { Box } from '../../../src/core/geometry/box';
import { painted, press } from '../driver';

/** What the test hook tells of one image alone, as far as tests read it. */
export interface DetailSnapshot {
  readonly loaded: boolean;
  readonly tool: string;
  readonly annotations: readonly {
    readonly id: string;
    readonly label: string | null;
    readonly kind: Shape['kind'];
    readonly shape: Shape;
    readonly keypoints?: readonly Keypoint[];
    readonly box: Box | null;
    readonly edit: string | null;
  }[];
  /** Labels of what a policy proposed. */
  readonly proposed: readonly (string | null)[];
  readonly selected: readonly string[];
  readonly drawing: number;
  readonly segmenting: { readonly clicks: number; readonly mask: boolean; readonly waiting: boolean };
  readonly canvas: {
    readonly preview: unknown;
    readonly settled: boolean;
    readonly viewport: { readonly scale: number; readonly visible: { readonly x1: number; readonly y1: number } };
  };
}

/** A page of the dataset editor that shows one image. */
export class DetailPage {
  constructor(readonly page: Page) {}

  /** Opens the first image. */
  async enter(): Promise<void> {
    await this.page.waitForSelector('.grid [role=row], .grid [role=gridcell], .cell');
    await this.press('Enter');
    await this.shown();
  }

  /** The picture of the image on show is there: it can be drawn on. */
  async shown(): Promise<void> {
    await expect
      .poll(async () => {
        const { loaded, canvas } = await this.detail();
        return loaded && canvas.preview !== null && canvas.settled;
      })
      .toBe(true);
  }

  async detail(): Promise<DetailSnapshot> {
    const { detail } = await this.page.evaluate<{ detail: DetailSnapshot }>(
      `window.fake.channel.call('test/snapshot', {})`,
    );
    return detail;
  }

  async annotation(id: string) {
    return (await this.detail()).annotations.find((one) => one.id === id);
  }

  async last() {
    return (await this.detail()).annotations.at(-1);
  }

  async undo(): Promise<void> {
    await this.page.evaluate('window.fake.notes.undo()');
  }

  async press(keys: string): Promise<void> {
    await press(this.page, keys);
  }

  /** Pixels of the image. */
  async drag(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
    const [a, b] = [await this.at(...from), await this.at(...to)];
    const { mouse } = this.page;
    await mouse.move(a.x, a.y);
    await mouse.down();
    await mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2);
    await mouse.move(b.x, b.y);
    await mouse.up();
    await painted(this.page);
  }

  async click(x: number, y: number, button: 'left' | 'right' = 'left'): Promise<void> {
    const place = await this.at(x, y);
    await this.page.mouse.click(place.x, place.y, { button });
    await painted(this.page);
  }

  /** A pixel of the image, where it is on the page. */
  async at(x: number, y: number): Promise<{ x: number; y: number }> {
    const { scale, visible } = (await this.detail()).canvas.viewport;
    const canvas = (await this.page.locator('.detail-stage [role=application]').first().boundingBox())!;
    return { x: canvas.x + (x - visible.x1) * scale, y: canvas.y + (y - visible.y1) * scale };
  }
}
