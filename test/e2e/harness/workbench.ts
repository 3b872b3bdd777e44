import type { FrameLocator, Locator, Page } from 'playwright-core';

/** VS Code's window in a browser page: what a person does there, by keyboard, menus and mouse. */
export class Workbench {
  constructor(readonly page: Page) {}

  /** Waits until the window can be used. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor();
    await this.page.locator('.explorer-folders-view .monaco-list').waitFor();
    // A view of the extension's own: before it is there, files open as text whatever is associated with them.
    await this.page.locator('.pane-header', { hasText: 'Saccade Runs' }).waitFor();
  }

  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget');
  }

  /** Runs a command by its title, as a person types it into the palette. */
  async command(title: string): Promise<void> {
    const input = this.quickInput.locator('input').first();
    // The list of the command before may be on its way out, and takes the key that opens this one along.
    for (let tries = 0; tries < 5; tries++) {
      await came(this.quickInput.waitFor({ state: 'hidden', timeout: 1000 }));
      await this.page.keyboard.press('F1');
      if (await came(input.fill(`>${title}`, { timeout: 3000 }))) break;
    }
    const row = this.quickInput
      .locator('.monaco-list-row')
      .filter({ has: this.page.getByText(title, { exact: true }) });
    await row.first().waitFor();
    // Commands with the same words may stand above it.
    for (let steps = 0; steps < 20; steps++) {
      if (await came(row.and(this.page.locator('.focused')).waitFor({ timeout: 250 }))) {
        await this.page.keyboard.press('Enter');
        return;
      }
      await this.page.keyboard.press('ArrowDown');
    }
    throw new Error(`${title} is not to be reached in the palette`);
  }

  /** Presses a key until it took: VS Code passes over an undo, redo or save while the one before is still running. */
  async pressUntil(key: string, done: () => Promise<boolean>): Promise<void> {
    for (let times = 0; times < 20; times++) {
      await this.page.keyboard.press(key);
      for (let looks = 0; looks < 20; looks++) {
        if (await done()) return;
        await this.page.waitForTimeout(50);
      }
    }
    throw new Error(`${key} was pressed in vain`);
  }

  /** Tabs with changes that were not saved. */
  get dirtyTabs(): Locator {
    return this.page.locator('.tabs-container .tab.dirty');
  }

  /** Chooses the entry of the open quick pick that starts with `label`. */
  async quickPick(label: string): Promise<void> {
    const row = this.quickInput.locator('.monaco-list-row').filter({ hasText: label }).first();
    await row.click();
  }

  /** A file or folder of the explorer, by name; folders on the way must be expanded. */
  explorerItem(name: string): Locator {
    return this.page.locator('.explorer-folders-view .monaco-list-row').filter({
      has: this.page.getByText(name, { exact: true }),
    });
  }

  /** Entry of the context menu that is open. Menus live in a shadow root, which locators pass through. */
  menuItem(label: string): Locator {
    return this.page.locator('.monaco-menu .action-item .action-label', { hasText: label }).first();
  }

  /**
   * Right-clicks an item of the explorer and chooses an entry of its menu. The window can be used a moment before the
   * extensions' menus are known: then a person closes the menu and opens it again. A menu takes no notice of a button
   * released in its first 100 ms.
   */
  async explorerMenu(name: string, label: string): Promise<void> {
    const menu = this.page.locator('.monaco-menu');
    for (let attempt = 0; attempt < 10; attempt++) {
      await this.explorerItem(name).click({ button: 'right' });
      await menu.waitFor();
      const entry = this.menuItem(label);
      if (await came(entry.waitFor({ timeout: 1_000 }))) {
        await entry.click({ delay: 200 });
        if (await came(menu.waitFor({ state: 'detached', timeout: 5_000 }))) return;
      }
      await this.page.keyboard.press('Escape');
      await menu.waitFor({ state: 'detached' });
    }
    throw new Error(`the menu of ${name} has no entry ${label}`);
  }

  /** Shows what a folder of the explorer holds. */
  async expand(name: string): Promise<void> {
    const item = this.explorerItem(name);
    if ((await item.getAttribute('aria-expanded')) !== 'true') await item.click();
  }

  /** A button in the title bar of the editor. */
  titleAction(label: string): Locator {
    return this.page.locator('.editor-actions').getByRole('button', { name: label });
  }

  /** Opens a file as VS Code does on a double click. */
  async openFile(name: string): Promise<void> {
    await this.explorerItem(name).dblclick();
  }

  /** Opens a file by its path in the workspace, as a person finds it by name. */
  async goToFile(path: string): Promise<void> {
    await this.page.keyboard.press('Control+P');
    const input = this.quickInput.locator('input').first();
    await input.waitFor();
    await input.fill(path);
    // Files that were opened before are listed until those of that name are found: Enter takes what is focused.
    const at = path.lastIndexOf('/');
    const found = this.quickInput.locator('.monaco-list-row.focused').filter({ hasText: path.slice(at + 1) });
    await found.filter({ hasText: path.slice(0, Math.max(0, at)) }).waitFor();
    await this.page.keyboard.press('Enter');
    await this.quickInput.waitFor({ state: 'hidden' });
  }

  tab(name: string): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: name });
  }

  get notifications(): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item');
  }

  async closeAllEditors(): Promise<void> {
    await this.command('View: Close All Editors');
    await this.page.locator('.tabs-container .tab').first().waitFor({ state: 'detached' });
  }

  /** Our webview that is shown: a custom editor's frame sits in an overlay, not in the editor's own elements. */
  webview(): FrameLocator {
    return this.page
      .frameLocator('iframe.webview.ready[src*="extensionId=saccade.saccade"]:visible')
      .frameLocator('#active-frame');
  }
}

/** Whether a wait ended with what was waited for. */
const came = (wait: Promise<unknown>): Promise<boolean> =>
  wait.then(
    () => true,
    () => false,
  );
