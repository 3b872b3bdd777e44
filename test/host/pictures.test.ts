import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Size } from '../../src/core/geometry/box';
import { extensionId, settings } from '../../src/host/ids';
import { closeAll, newFolder, openWithSaccade, readWhole, saccade, until, write, writeStep } from './support';

const { signal } = new AbortController();

/** The parts of the webview's own account that these tests look at. */
interface Snapshot {
  readonly image: string | null;
  readonly imageSize: Size | null;
  readonly state: { readonly revision: number };
  readonly canvas: { readonly preview: unknown };
}

/** A sample picture beside a trace; the samples' original stays untouched. */
function picture(folder: string): string {
  const root = vscode.extensions.getExtension(extensionId)?.extensionPath ?? '';
  const path = join(folder, 'meadow.jpg');
  copyFileSync(join(root, 'media', 'samples', 'images', 'meadow.jpg'), path);
  return path;
}

async function openedStep() {
  const api = await saccade();
  const folder = newFolder();
  const uri = writeStep(folder, 1);
  await openWithSaccade(uri);
  const { session } = await readWhole(api, uri);
  const editor = () => api.editors().find((entry) => entry.session === session);
  const seen = async () => (await editor()?.snapshot()) as Snapshot | undefined;
  /** Says what image the first group is about, as the editor's button does. */
  const choose = async (path: string) => {
    const { key } = await session.imageOf(0, signal);
    await session.mend((before) => ({ ...before, images: { ...before.images, [key]: { kind: 'file', path } } }));
  };
  return { api, folder, uri, session, seen, choose };
}

describe('an image in the editor', () => {
  afterEach(async () => {
    await vscode.workspace
      .getConfiguration()
      .update(settings.imagesDecoder, undefined, vscode.ConfigurationTarget.Global);
    await closeAll();
  });

  it('is missing in words until the user says where it is; that is remembered', async () => {
    const { api, folder, uri, seen, choose } = await openedStep();
    await until(async () => (await seen())?.image === 'missing');
    await choose(picture(folder));
    await until(async () => (await seen())?.image === 'resolved');
    await closeAll();
    await until(() => api.editors().length === 0);
    await openWithSaccade(uri);
    await readWhole(api, uri);
    const again = async () => (await api.editors()[0]?.snapshot()) as Snapshot | undefined;
    await until(async () => (await again())?.canvas.preview);
    const snapshot = await again();
    assert.equal(snapshot?.image, 'resolved');
    assert.ok((snapshot?.imageSize?.width ?? 0) >= 2000);
  });

  it('is painted from its own bytes where nothing but the webview decodes', async () => {
    await vscode.workspace
      .getConfiguration()
      .update(settings.imagesDecoder, 'webview', vscode.ConfigurationTarget.Global);
    const { folder, seen, choose } = await openedStep();
    await choose(picture(folder));
    await until(async () => (await seen())?.canvas.preview);
  });

  it('that is no image leaves the editor alive', async () => {
    const { folder, seen, choose, session } = await openedStep();
    const fake = write(join(folder, 'fake.png'), 'not a picture');
    await choose(fake.fsPath);
    await until(async () => (await seen())?.image === 'resolved');
    assert.equal((await session.group(1, signal)).summary.size, 8);
    assert.equal((await seen())?.canvas.preview, null);
  });
});

describe('two editors on one trace', () => {
  afterEach(closeAll);

  it('both show what was set in one of them', async () => {
    const { api, uri, session } = await openedStep();
    await openWithSaccade(uri, vscode.ViewColumn.Two);
    const editors = await until(() => (api.editors().length === 2 ? api.editors() : null));
    await session.apply({ kind: 'clearFrame', dataSource: null, field: 'prediction' });
    for (const { snapshot } of editors)
      await until(async () => ((await snapshot()) as Snapshot | null)?.state.revision === 1);
  });
});
