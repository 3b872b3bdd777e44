import type { Noted, RolloutNotes } from '../core/annotation/annotation';
import type { Box } from '../core/geometry/box';
import { CocoFile, YoloFiles } from '../formats/export/boxes';
import type { LeftOut } from '../formats/export/conversation';
import type { ExportTally } from '../formats/export/manifest';
import type { ExportGroup, ExportMember } from './exportGroup';
import type { ExportPictureFiles } from './exportPictures';
import { regionBox, zoomsOf } from './zooms';

/** COCO or YOLO boxes of the regions that rollouts named, where somebody moved them to, else where they were; COCO with people's masks. */
export class BoxExport {
  private readonly coco = new CocoFile();
  private readonly yolo = new YoloFiles();

  constructor(
    private readonly to: 'coco' | 'yolo',
    private readonly pictures: ExportPictureFiles,
    private readonly tally: ExportTally,
  ) {}

  async add({ rollout, notes, id }: ExportMember, { group, image, context }: ExportGroup): Promise<LeftOut | null> {
    if (rollout.regions.length === 0) return { reason: 'it names no region' };
    const question = await this.pictures.question(group, image);
    if ('reason' in question) return question;
    const [file] = question;
    const { size } = context;
    if (file === undefined || typeof size === 'string') return { reason: 'the size of its image is not known' };
    const zooms = zoomsOf(rollout, context);
    let added = 0;
    for (const region of rollout.regions) {
      const moved = movedBox(notes, region.index);
      const box = moved ?? regionBox(region, rollout, context, zooms).box;
      if (box === null) continue;
      const boxes = this.to === 'coco' ? this.coco : this.yolo;
      if (boxes.add(file, size, { box, label: region.label, edited: moved !== null, rollout: id })) added++;
    }
    if (added === 0) return { reason: 'none of its regions can be placed on its image' };
    const failed = await this.pictures.write([file]);
    if (failed === null) for (let i = 0; i < added; i++) this.tally.record([id]);
    return failed;
  }

  /** Masks that people drew on a group's image: COCO alone has room for them. */
  async addMasks({ group, image, context, notes }: ExportGroup): Promise<LeftOut | null> {
    const masks = Object.entries(notes.masks ?? {});
    if (this.to !== 'coco' || masks.length === 0) return null;
    const question = await this.pictures.question(group, image);
    if ('reason' in question) return question;
    const [file] = question;
    const { size } = context;
    if (file === undefined || typeof size === 'string') return { reason: 'the size of its image is not known' };
    const added = masks.filter(([, { value, author }]) => this.coco.addMask(file, size, { ...value, author }));
    if (added.length === 0) return { reason: 'none of its masks is of the size of its image' };
    const failed = await this.pictures.write([file]);
    if (failed === null) for (const _ of added) this.tally.record([]);
    return failed;
  }

  files(): ReadonlyMap<string, string> {
    if (this.to === 'yolo') return this.yolo.files();
    return new Map([['annotations.json', `${JSON.stringify(this.coco.document())}\n`]]);
  }

  preview(count: number): readonly unknown[] {
    if (this.to === 'coco') {
      const { annotations } = this.coco.document() as { readonly annotations: readonly unknown[] };
      return annotations.slice(0, count);
    }
    return [...this.yolo.files()].slice(0, count).map(([file, text]) => ({ file, text }));
  }
}

function movedBox({ regions = {} }: RolloutNotes, index: number): Box | null {
  const noted: Noted<Box> | undefined = Object.hasOwn(regions, index) ? regions[index] : undefined;
  return noted?.value ?? null;
}
