import type { TilePlace } from '../../core/geometry/tilePyramid';
import { UserError } from '../../core/text/userError';
import type { PyramidInfo } from '../../protocol/media';
import type { Paint } from '../../protocol/rollouts';
import type { TraceSession } from '../traces/traceSession';
import type { FilePaints, PictureSize } from './paintFile';

export interface PictureRequest extends PictureSize {
  readonly group: number;
}

/** An image that came back during a rollout. */
export interface ViewRequest extends PictureSize {
  readonly row: number;
  readonly observation: number;
}

/** Pictures of a trace for one webview. */
export class Pictures {
  constructor(
    private readonly session: TraceSession,
    private readonly paints: FilePaints,
  ) {}

  /** Never rejects but for a cancelled request: what went wrong is painted in the image's place. */
  async paint(request: PictureRequest, signal: AbortSignal): Promise<Paint> {
    return this.paints.painted(`painting the image of group ${request.group}`, signal, async () => {
      const path = await this.pathOf(request.group, signal);
      return typeof path === 'string' ? this.paints.file(request, path, signal) : path;
    });
  }

  /** Null where the image needs no tiles, or nothing here makes them. */
  async pyramid(group: number, signal: AbortSignal): Promise<PyramidInfo | null> {
    const path = await this.pathOf(group, signal);
    return typeof path === 'string' ? this.paints.pyramid(path, signal) : null;
  }

  /** As `paint`, of a tile of the image. */
  async tile(group: number, place: TilePlace, signal: AbortSignal): Promise<Paint> {
    return this.paints.painted(`painting a tile of group ${group}`, signal, async () => {
      const path = await this.pathOf(group, signal);
      return typeof path === 'string' ? this.paints.tile(path, place, signal) : path;
    });
  }

  /** As `paint`; null where the log left the image's bytes out. */
  async view({ row, observation, ...size }: ViewRequest, signal: AbortSignal): Promise<Paint | null> {
    return this.paints.painted(`painting observation ${observation} of row ${row}`, signal, async () => {
      const found = await this.session.link.ask('image/view', { row, observation }, { signal, deadline: 60_000 });
      return found === null ? null : this.paints.file(size, found.path, signal);
    });
  }

  /** Absolute path of a group's image; throws a `UserError` where it has none. */
  async fileOf(group: number, signal: AbortSignal): Promise<string> {
    const path = await this.pathOf(group, signal);
    if (typeof path === 'string') return path;
    throw new UserError(path.message);
  }

  /** The file that holds the group's image, or why there is none. */
  private async pathOf(group: number, signal: AbortSignal): Promise<string | Extract<Paint, { kind: 'error' }>> {
    const { state } = await this.session.imageOf(group, signal);
    if (state.kind !== 'resolved') return { kind: 'error', message: state.reason };
    const { path } = await this.session.link.ask('image/file', { ref: state.ref }, { signal, deadline: 60_000 });
    return path;
  }
}
