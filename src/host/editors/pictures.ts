import { open } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Box } from '../../core/geometry/box';
import type { TilePlace } from '../../core/geometry/tilePyramid';
import { UserError } from '../../core/text/userError';
import type { PyramidInfo } from '../../protocol/media';
import type { Paint } from '../../protocol/rollouts';
import { toWireBytes } from '../../protocol/wireBytes';
import type { Children } from '../children';
import { kindOf, messageOf } from '../failures';
import { imageDecoder } from '../settings';
import type { TraceSession } from '../traces/traceSession';
import { imageMime } from './imageMime';

/** An original sent whole costs 30 ms a MB on the way to the webview; above this the editor says so instead. */
const largestWhole = 64 * 2 ** 20;

export interface PictureSize {
  readonly maxSide: number;
  /** Stored pixels; null for the whole image. */
  readonly box: Box | null;
}

export interface PictureRequest extends PictureSize {
  readonly group: number;
}

/** An image that came back during a rollout. */
export interface ViewRequest extends PictureSize {
  readonly row: number;
  readonly observation: number;
}

/** Pictures for one webview: encoded files of the media child's cache by URI, or whole originals where nothing here decodes. */
export class Pictures {
  constructor(
    private readonly session: TraceSession,
    private readonly children: Children,
    private readonly webview: vscode.Webview,
    private readonly bug: (doing: string, error: unknown) => void,
  ) {}

  /** Never rejects but for a cancelled request: what went wrong is painted in the image's place. */
  async paint(request: PictureRequest, signal: AbortSignal): Promise<Paint> {
    return this.painted(`painting the image of group ${request.group}`, signal, async () => {
      const path = await this.pathOf(request.group, signal);
      return typeof path === 'string' ? this.file(request, path, signal) : path;
    });
  }

  /** Null where the image needs no tiles, or nothing here makes them. */
  async pyramid(group: number, signal: AbortSignal): Promise<PyramidInfo | null> {
    if (imageDecoder() === 'webview' || !(await this.children.media.available())) return null;
    const path = await this.pathOf(group, signal);
    return typeof path === 'string' ? this.children.media.pyramid(path, signal) : null;
  }

  /** As `paint`, of a tile of the image. */
  async tile(group: number, place: TilePlace, signal: AbortSignal): Promise<Paint> {
    return this.painted(`painting a tile of group ${group}`, signal, async () => {
      const path = await this.pathOf(group, signal);
      if (typeof path !== 'string') return path;
      const { size, ...made } = await this.children.media.tile(path, place, signal);
      return { kind: 'uri', uri: this.uriOf(made.path), size, original: size };
    });
  }

  /** As `paint`; null where the log left the image's bytes out. */
  async view({ row, observation, ...size }: ViewRequest, signal: AbortSignal): Promise<Paint | null> {
    return this.painted(`painting observation ${observation} of row ${row}`, signal, async () => {
      const found = await this.session.link.ask('image/view', { row, observation }, { signal, deadline: 60_000 });
      return found === null ? null : this.file(size, found.path, signal);
    });
  }

  /** The file that holds the group's image, or why there is none. */
  /** Absolute path of a group's image; throws a `UserError` where it has none. */
  async fileOf(group: number, signal: AbortSignal): Promise<string> {
    const path = await this.pathOf(group, signal);
    if (typeof path === 'string') return path;
    throw new UserError(path.message);
  }

  private async pathOf(group: number, signal: AbortSignal): Promise<string | Extract<Paint, { kind: 'error' }>> {
    const { state } = await this.session.imageOf(group, signal);
    if (state.kind !== 'resolved') return { kind: 'error', message: state.reason };
    const { path } = await this.session.link.ask('image/file', { ref: state.ref }, { signal, deadline: 60_000 });
    return path;
  }

  private uriOf(path: string): string {
    return this.webview.asWebviewUri(vscode.Uri.file(path)).toString();
  }

  private async painted<P extends Paint | null>(
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

  private async file(size: PictureSize, path: string, signal: AbortSignal): Promise<Paint> {
    if (imageDecoder() === 'webview' || !(await this.children.media.available())) return whole(size, path);
    return this.decoded(size, path, signal);
  }

  private async decoded({ box, maxSide }: PictureSize, path: string, signal: AbortSignal): Promise<Paint> {
    const { media } = this.children;
    const [probe, cached] = await Promise.all([
      media.probe(path, signal),
      box === null ? media.preview(path, maxSide, signal) : media.region(path, box, maxSide, signal),
    ]);
    return { kind: 'uri', uri: this.uriOf(cached.path), size: cached.size, original: probe.stored };
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
