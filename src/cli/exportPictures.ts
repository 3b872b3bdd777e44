import { extname, resolve } from 'node:path';
import type { Box } from '../core/geometry/box';
import type { CocoMask } from '../core/mask/cocoMask';
import { UserError } from '../core/text/userError';
import type { Rollout } from '../core/trajectory/rollout';
import type { ExportPictures, LeftOut } from '../formats/export/conversation';
import { ChannelError } from '../protocol/channel';
import type { ImageRef, ImageState } from '../protocol/data';
import type { BoxContext } from './boxContext';
import type { PictureMode } from './exportArguments';
import type { ExportFolder } from './exportFolder';
import type { Session } from './session';
import { zoomsOf } from './zooms';

/** Where a picture comes from: a whole file, a part of one, or one with a mask over it. */
interface Source {
  readonly file: string;
  readonly box: Box | null;
  /** Drawn over the whole image; null for an empty one. */
  readonly overlay?: CocoMask | null;
  /** Below the cache, which may throw it away: it is copied whatever was asked. */
  readonly cached: boolean;
}

/** The pictures of an export by their paths in it; those of records that are written are made, each once. */
export class ExportPictureFiles {
  private readonly originals = new Map<string, Promise<string>>();
  private readonly sources = new Map<string, Source>();
  private readonly written = new Set<string>();

  constructor(
    private readonly session: Session,
    private readonly mode: PictureMode,
    private readonly folder: ExportFolder | null,
  ) {}

  get count(): number {
    return this.written.size;
  }

  /** What the policy saw, or why that is not to be had. */
  async of(rollout: Rollout, group: number, image: ImageState, context: BoxContext): Promise<ExportPictures | LeftOut> {
    const question = await this.question(group, image);
    if (!Array.isArray(question)) return question as LeftOut;
    const replies = await this.replies(rollout, image, context);
    return Array.isArray(replies) ? { question, replies } : (replies as LeftOut);
  }

  /** Paths of the prompt's images. */
  async question(group: number, image: ImageState): Promise<readonly string[] | LeftOut> {
    if (image.kind !== 'resolved') return { reason: `its image is ${image.kind}` };
    const { ref, count } = image;
    if (count > 1 && ref.kind !== 'table') return { reason: 'its prompt has several images, and the log leads to one' };
    const refs =
      ref.kind === 'table' && count > 1 ? Array.from({ length: count }, (_, index) => ({ ...ref, index })) : [ref];
    try {
      return await Promise.all(refs.map((one) => this.original(one, group)));
    } catch (error) {
      if (UserError.is(error) || ChannelError.is(error)) return { reason: 'its image cannot be read' };
      throw error;
    }
  }

  /** Makes the pictures of a record; a picture that was made is not made again. Null, or why one cannot be made. */
  async write(paths: readonly string[]): Promise<LeftOut | null> {
    for (const path of paths) {
      const source = this.sources.get(path);
      if (source === undefined || this.written.has(path)) continue;
      if (this.folder !== null) {
        const problem = await this.make(path, source, this.folder);
        if (problem !== null) return problem;
      }
      this.written.add(path);
    }
    return null;
  }

  /** A picture of the whole image with the mask that the policy saw. */
  async overlay({ row }: Rollout, index: number, image: ImageState, mask: CocoMask | null): Promise<string | LeftOut> {
    if (image.kind !== 'resolved') return { reason: `its image is ${image.kind}` };
    const name = `images/r${row}-s${index}.png`;
    this.sources.set(name, { file: await this.fileOf(image.ref), box: null, overlay: mask, cached: true });
    return name;
  }

  private async make(path: string, source: Source, folder: ExportFolder): Promise<LeftOut | null> {
    const { file, box, overlay, cached } = source;
    if (overlay !== undefined) {
      try {
        await folder.copy(path, (await this.session.media.overlay(file, overlay)).path);
        return null;
      } catch (error) {
        if (UserError.is(error) || ChannelError.is(error))
          return { reason: 'its mask does not fit its image, or that cannot be read' };
        throw error;
      }
    }
    if (box === null) {
      if (this.mode === 'link' && !cached) await folder.link(path, file);
      else await folder.copy(path, file);
      return null;
    }
    let part: string;
    try {
      const side = Math.ceil(Math.max(box.x2 - box.x1, box.y2 - box.y1)) + 1;
      part = (await this.session.media.region(file, box, side)).path;
    } catch (error) {
      if (UserError.is(error) || ChannelError.is(error)) return { reason: 'a crop cannot be cut' };
      throw error;
    }
    await folder.copy(path, part);
    return null;
  }

  private original(ref: ImageRef, group: number): Promise<string> {
    const key = JSON.stringify(ref);
    const known = this.originals.get(key);
    if (known !== undefined) return known;
    const name = `images/g${String(group + 1).padStart(6, '0')}-${this.originals.size + 1}`;
    const made = this.named(ref, name);
    this.originals.set(key, made);
    return made;
  }

  private async named(ref: ImageRef, name: string): Promise<string> {
    const { path } = await this.session.data.call('image/file', { traceId: this.session.opened.traceId, ref });
    const file = resolve(path);
    const cached = ref.kind !== 'file';
    if (this.mode === 'path' && !cached) return file;
    const own = `${name}${await this.ending(file)}`;
    this.sources.set(own, { file, box: null, cached });
    return own;
  }

  /** By the bytes: files in the cache and in some data sets have no ending, or a wrong one. */
  private async ending(file: string): Promise<string> {
    try {
      const { format } = await this.session.media.probe(file);
      return /^[a-z0-9]{2,5}$/.test(format) ? `.${format === 'jpeg' ? 'jpg' : format}` : '';
    } catch (error) {
      if (!UserError.is(error) && !ChannelError.is(error)) throw error;
      return /^\.[a-z0-9]{2,5}$/i.test(extname(file)) ? extname(file).toLowerCase() : '';
    }
  }

  /** Pictures that came back: as the log holds them, else cut anew from the image as the tool cut them. */
  private async replies(
    rollout: Rollout,
    image: ImageState,
    context: BoxContext,
  ): Promise<ExportPictures['replies'] | LeftOut> {
    const zooms = zoomsOf(rollout, context);
    const views = zooms?.chain.views.slice(1) ?? [];
    const { observations = [] } = rollout;
    const unplaced = zooms?.chain.steps.some(({ status }) => status.kind === 'unplaced') ?? false;
    if (observations.length === 0) {
      if (unplaced) return { reason: 'where its crops lie is not known' };
      if (zooms === null && typeof context.size === 'string' && rollout.turns.some(({ role }) => role !== 'assistant'))
        return { reason: 'the size of its image is not known' };
      const whole = image.kind === 'resolved' ? await this.fileOf(image.ref) : '';
      return views.map(({ turn, box, index }) => {
        const answers = rollout.turns.slice((turn ?? 0) + 1);
        const next = answers.findIndex(({ role }) => role === 'assistant');
        const among = next === -1 ? answers : answers.slice(0, next);
        const same = views.filter((view) => view.turn === turn);
        const place = same.findIndex((view) => view.index === index);
        const at = among.length === same.length ? among[place]?.index : undefined;
        return { turn: at ?? turn ?? 0, path: this.crop(rollout, index, { file: whole, box, cached: true }) };
      });
    }
    const found: ExportPictures['replies'][number][] = [];
    for (const [i, { turn }] of observations.entries()) {
      const { traceId } = this.session.opened;
      const logged = await this.session.data
        .call('image/view', { traceId, row: rollout.row, observation: i })
        .catch((error: unknown) => {
          if (UserError.is(error) || ChannelError.is(error)) return null;
          throw error;
        });
      const view = views[i];
      const whole = logged === null && image.kind === 'resolved' ? await this.fileOf(image.ref) : null;
      if (logged !== null) {
        const file = resolve(logged.path);
        const name = `images/r${rollout.row}-v${i + 1}${await this.ending(file)}`;
        this.sources.set(name, { file, box: null, cached: true });
        found.push({ turn, path: name });
      } else if (view !== undefined && !unplaced && whole !== null)
        found.push({ turn, path: this.crop(rollout, i + 1, { file: whole, box: view.box, cached: true }) });
      else return { reason: 'a picture that came back is not to be had' };
    }
    return found;
  }

  private async fileOf(ref: ImageRef): Promise<string> {
    return (await this.session.data.call('image/file', { traceId: this.session.opened.traceId, ref })).path;
  }

  private crop({ row }: Rollout, index: number, source: Source): string {
    const name = `images/r${row}-v${index}.webp`;
    this.sources.set(name, source);
    return name;
  }
}
