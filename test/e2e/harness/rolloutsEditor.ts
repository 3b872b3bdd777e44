import type { FrameLocator, Locator } from 'playwright-core';
import type { CanvasSnapshot } from '../../../webview/canvas/snapshot';
import { eventually } from './eventually';
import type { Workbench } from './workbench';

/** What the tests read of the editor's own snapshot, which is there because the server runs with `SACCADE_TEST_HOOK`. */
export interface EditorSnapshot {
  readonly selection: {
    readonly place: { readonly group: number; readonly member: number } | null;
    readonly detail: 'none' | 'loading' | 'ready' | 'failed';
    readonly hover: string | null;
    readonly region: string | null;
    readonly siblings: readonly number[];
  };
  readonly image: string | null;
  /** Stored pixels of the picture on the canvas; null until the selected group's own is there. */
  readonly imageSize: { readonly width: number; readonly height: number } | null;
  readonly canvas: CanvasSnapshot;
}

/** The rollouts editor as a person meets it: its panes by role and name, keys and mouse. */
export class RolloutsEditor {
  readonly frame: FrameLocator;

  constructor(readonly workbench: Workbench) {
    this.frame = workbench.webview();
  }

  get list(): Locator {
    return this.frame.getByRole('tree', { name: 'Groups and rollouts' });
  }

  /** 0-based; without a member the group's own row. */
  row(group: number, member = -1): Locator {
    return this.frame.locator(`#row-${group}-${member}`);
  }

  get canvas(): Locator {
    return this.frame.locator('canvas').first();
  }

  snapshot(): Promise<EditorSnapshot> {
    return this.frame
      .locator('body')
      .evaluate(() =>
        (globalThis as unknown as { saccadeTest: { snapshot(): EditorSnapshot } }).saccadeTest.snapshot(),
      );
  }

  /** Waits until rollouts are listed; an editor that says why it cannot list them fails with its words. */
  async listed(): Promise<this> {
    const refusal = this.frame.locator('.empty-note .codicon-error, body[data-saccade=message]').first();
    await this.row(0, 0).or(refusal).first().waitFor();
    if (await refusal.isVisible())
      throw new Error(`the editor says: ${await this.frame.locator('body').textContent()}`);
    return this;
  }

  /** Waits until the selected rollout's image is painted and nothing moves; answers what is shown two frames later. */
  async painted(): Promise<EditorSnapshot> {
    await this.listed();
    await this.still();
    await this.frame
      .locator('body')
      .evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    return this.still();
  }

  private still(): Promise<EditorSnapshot> {
    const wanted = { detail: 'ready', preview: true, settled: true };
    return this.until(
      ({ canvas, selection }) => ({
        detail: selection.detail,
        preview: canvas.preview !== null,
        settled: canvas.settled,
      }),
      wanted,
    );
  }

  /** Waits for a state and answers the snapshot that has it. */
  until<T>(read: (snapshot: EditorSnapshot) => T, wanted: T): Promise<EditorSnapshot> {
    return eventually(() => this.snapshot(), read, wanted);
  }

  /** Chooses the frame of the predictions by the start of its name. */
  async chooseFrame(label: string): Promise<void> {
    const section = this.frame.locator('.frame-row', { hasText: 'Predictions' });
    const open = section.getByRole('button', { name: /Set…|Change…/ });
    const choice = this.frame.locator('.frame-editor vscode-dropdown').first();
    await open.or(choice).first().waitFor();
    if (await open.isVisible()) await open.click();
    await choice.click();
    await this.frame.locator('vscode-option', { hasText: label }).first().click();
  }

  /** Presses a key in the editor, once it has the keyboard: VS Code hands it over some time after it shows the editor. */
  async press(...keys: readonly string[]): Promise<void> {
    await eventually(
      () => this.frame.locator('body').evaluate(() => document.hasFocus()),
      (focused) => focused,
      true,
    );
    for (const key of keys) await this.workbench.page.keyboard.press(key);
  }

  /** A point of the canvas, in CSS pixels from its top left, on the page. */
  async onPage(x: number, y: number): Promise<{ readonly x: number; readonly y: number }> {
    const box = await this.canvas.boundingBox();
    if (box === null) throw new Error('the canvas is not on the page');
    return { x: box.x + x, y: box.y + y };
  }
}
