import { open } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Box } from '../../core/geometry/box';
import { uprightSize } from '../../core/geometry/exifTurn';
import type { TilePlace } from '../../core/geometry/tilePyramid';
import type { PyramidInfo } from '../../protocol/media';
import type { Paint } from '../../protocol/rollouts';
import { toWireBytes } from '../../protocol/wireBytes';
import type { Children } from '../children';
import { kindOf, messageOf } from '../failures';
import { imageDecoder } from '../settings';
import { imageMime } from './imageMime';

/** An original sent whole costs 30 ms a MB on the way to the webview; above this the editor says so instead. */
const largestWhole = 64 * 2 ** 20;

export interface PictureSize {
  readonly maxSide: number;
  /** Pixels of the image as it is painted; null for the whole of it. */
  readonly box: Box | null;
  /** Turned as EXIF says, instead of as it is stored. */
  readonly upright?: boolean;
}

/** Image files as one webview paints them: encoded pictures of the media child's cache by URI, or whole originals where nothing here decodes. */
export class FilePaints {
  constructor(
    private readonly children: Children,
    private readonly webview: vscode.Webview,
    private readonly bug: (doing: string, error: unknown) => void,
  ) {}

  async file(size: PictureSize, path: string, signal: AbortSignal): Promise<Paint> {
    if (imageDecoder() === 'webview' || !(await this.children.media.available())) return whole(size, path);
    return this.decoded(size, path, signal);
  }

  /** Null where the image needs no tiles, or nothing here makes them. */
  async pyramid(path: string, signal: AbortSignal): Promise<PyramidInfo | null> {
    if (imageDecoder() === 'webview' || !(await this.children.media.available())) return null;
    return this.children.media.pyramid(path, signal);
  }

  async tile(path: string, place: TilePlace, signal: AbortSignal): Promise<Paint> {
    const { size, ...made } = await this.children.media.tile(path, place, signal);
    return { kind: 'uri', uri: this.uriOf(made.path), size, original: size };
  }

  /** Never rejects but for a cancelled request: what went wrong is painted in the image's place. */
  async painted<P extends Paint | null>(
    doing: string,
    signal: AbortSignal,
    paint: () => Promise<P>,
  ): Promise<P | Paint> {
    try {
      return await paint();
    } catch (error) {
      if (signal.aborted || kindOf(error) === 'cancelled') throw error;
      if (kindOf(error) === 'bug') this.bug(doing, error);
      return { kind: 'error', message: messageOf(error) };
    }
  }

  private async decoded(
    { box, maxSide, upright = false }: PictureSize,
    path: string,
    signal: AbortSignal,
  ): Promise<Paint> {
    const { media } = this.children;
    const [probe, cached] = await Promise.all([
      media.probe(path, signal),
      box === null ? media.preview(path, maxSide, signal, upright) : media.region(path, box, maxSide, signal, upright),
    ]);
    const original = uprightSize(probe.stored, upright ? probe.orientation : 1);
    return { kind: 'uri', uri: this.uriOf(cached.path), size: cached.size, original };
  }

  private uriOf(path: string): string {
    return this.webview.asWebviewUri(vscode.Uri.file(path)).toString();
  }
}

async function whole({ box }: PictureSize, path: string): Promise<Paint> {
  // A webview that decodes has the whole image and cuts regions out of it itself.
  if (box !== null) return { kind: 'error', message: 'Regions are cut from the whole image here.' };
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > largestWhole)
      return { kind: 'error', message: `${path} has ${Math.round(size / 2 ** 20)} MB: too large to be decoded here.` };
    const bytes = toWireBytes(await file.readFile());
    const mime = imageMime(bytes);
    return mime === null
      ? { kind: 'error', message: `${path} is not an image that can be shown.` }
      : { kind: 'bytes', bytes, mime };
  } finally {
    await file.close();
  }
}
