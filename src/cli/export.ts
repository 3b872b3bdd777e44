import { version } from '../../package.json';
import { refinedClicks } from '../core/click/starPlus';
import { UserError } from '../core/text/userError';
import { type Conversation, conversationOf, isLeftOut, type LeftOut } from '../formats/export/conversation';
import { datasetInfo } from '../formats/export/datasetInfo';
import { type ExportFormat, exportFormat } from '../formats/export/exportFormats';
import { ExportTally } from '../formats/export/manifest';
import {
  labelledRecord,
  llamaFactoryPairRecord,
  swiftPairRecord,
  trlKtoRecord,
  trlPairRecord,
} from '../formats/export/preference';
import { messagesRecord, shareGptRecord, swiftWeightedRecord, v1WeightedRecord } from '../formats/export/sft';
import { captionOf, starPlusRecord } from '../formats/export/starPlus';
import { guiShepherdRecords, judgedSteps, prm800kRecord, trlStepwiseRecord } from '../formats/export/stepRecords';
import type { ExportCommand } from './arguments';
import { BoxExport } from './exportBoxes';
import { DatasetExport, type ExportedDataset } from './exportDataset';
import { ExportFolder } from './exportFolder';
import { type ExportGroup, type ExportMember, pairsOf, readGroup, selectedOf } from './exportGroup';
import { type ExportNotes, readNotes } from './exportNotes';
import { ExportPictureFiles } from './exportPictures';
import { type Output, printable, toJson } from './output';
import type { Session } from './session';

/** Records shown before anything is written. */
const previewed = 3;

/** Writes training data for one consumer into a folder, or with `--dry-run` only says what it would. */
export async function printExport(session: Session, command: ExportCommand, out: Output): Promise<void> {
  const { output, force, dryRun } = command.export;
  const folder = dryRun || output === null ? null : await ExportFolder.open(output, force);
  try {
    const manifest = await new Exporter(session, command, folder).run();
    if (folder !== null) {
      if (manifest.written.records === 0) throw new UserError(`Nothing to export.\n${leftOutText(manifest)}`);
      const { preview: _, ...kept } = manifest;
      await folder.write('manifest.json', `${toJson(kept, 2)}\n`);
      await folder.finish();
    }
    await out.line(command.json ? toJson(manifest, 2) : printable(summaryOf(manifest, output)));
  } catch (error) {
    await folder?.discard();
    throw error;
  }
}

interface Manifest {
  readonly written: { readonly records: number; readonly rollouts: number; readonly pictures: number };
  readonly leftOut: ExportTally['leftOut'];
  readonly preview: readonly unknown[];
  readonly [member: string]: unknown;
}

class Exporter {
  private readonly tally = new ExportTally();
  private readonly pictures: ExportPictureFiles;
  private readonly format: ExportFormat;
  private readonly boxes: BoxExport | null;
  private readonly preview: unknown[] = [];
  /** Clicks of StaR+: the policy's own, and those that the simulated annotator made in their place. */
  private readonly refined = { kept: 0, replaced: 0 };

  constructor(
    private readonly session: Session,
    private readonly command: ExportCommand,
    private readonly folder: ExportFolder | null,
  ) {
    this.pictures = new ExportPictureFiles(session, command.export.pictures, folder);
    this.format = exportFormat(command.export.to);
    const { id } = this.format;
    this.boxes = id === 'coco' || id === 'yolo' ? new BoxExport(id, this.pictures, this.tally) : null;
  }

  async run(): Promise<Manifest> {
    const { session, command, tally, folder } = this;
    const options = command.export;
    const info = await session.info();
    const notes = await readNotes(session, options);
    const datasets = this.format.unit === 'dataset' ? await this.datasets(notes, info.groups) : null;
    for (let number = 0; datasets === null && number < info.groups; number++) {
      const group = await readGroup(session, number, notes, options, tally);
      if (group !== null) await this.group(group);
    }
    const more = this.boxes?.files() ?? new Map<string, string>();
    const { entry } = this.format;
    const files = new Map([
      ...more,
      ...(entry === undefined ? [] : [['dataset_info.json', `${toJson(datasetInfo(entry), 2)}\n`] as const]),
    ]);
    if (folder !== null) for (const [name, text] of files) await folder.write(name, text);
    const { rollouts, groups, format } = info;
    const { dryRun: _dry, force: _force, output: _output, ...asked } = options;
    return {
      saccade: 'export',
      version,
      created: new Date().toISOString(),
      trace: { path: command.path, format, files: session.opened.files.length, rollouts, groups },
      options: asked,
      annotations: options.ignoreAnnotations ? 'ignored' : notes.sidecars,
      written: { records: tally.records, rollouts: tally.rollouts, pictures: this.pictures.count },
      leftOut: tally.leftOut,
      ...(datasets === null ? {} : { datasets }),
      ...(this.format.unit === 'clicks' ? { clicks: this.refined } : {}),
      preview: this.boxes?.preview(previewed) ?? this.preview,
    };
  }

  private async datasets(notes: ExportNotes, groups: number): Promise<readonly ExportedDataset[]> {
    const found = new DatasetExport(this.session, notes, this.tally);
    for (let number = 0; number < groups; number++) await found.add(number);
    const datasets = await found.write(this.folder);
    this.preview.push(...datasets.flatMap(({ mended }) => mended).slice(0, previewed));
    return datasets;
  }

  private async group(group: ExportGroup): Promise<void> {
    const options = this.command.export;
    const { unit } = this.format;
    if (unit === 'pair') return this.pairs(group);
    const masks = (await this.boxes?.addMasks(group)) ?? null;
    if (masks !== null) this.tally.omit(masks.reason, `masks of group ${group.group + 1}`);
    const members = unit === 'judged' ? group.members : selectedOf(group.members, options, this.tally);
    for (const member of members) {
      const failed =
        this.boxes !== null
          ? await this.boxes.add(member, group)
          : unit === 'steps'
            ? await this.steps(member, group)
            : unit === 'clicks'
              ? await this.clicks(member, group)
              : await this.alone(member, group);
      if (failed !== null) this.tally.omit(failed.reason, member.id);
    }
  }

  /** Formats of one record a rollout. */
  private async alone(member: ExportMember, group: ExportGroup): Promise<LeftOut | null> {
    const { id, unit } = this.format;
    const { right, weight } = this.command.export;
    const good = right === null || member.total >= right;
    if (unit === 'judged' && !Number.isFinite(member.total)) return { reason: 'it has no reward' };
    if (member.rollout.badge === 'malformed' && good) return malformed;
    const value = weight === 'reward' ? member.total : member.advantage;
    if (unit === 'weighted' && !Number.isFinite(value)) return { reason: `it has no ${weight}` };
    if (unit === 'weighted' && value <= 0) return { reason: `its ${weight} gives no positive weight` };
    const said = await this.conversation(member, group);
    if (isLeftOut(said)) return said;
    const bad = new Set(
      judgedSteps(member.rollout, member.notes).flatMap(({ turn, label }) => (label === -1 ? [turn.index] : [])),
    );
    // A step that somebody judged wrong is no example, however good the end was.
    const weightOf = ({ turns }: { readonly turns: readonly number[] }) =>
      turns.some((turn) => bad.has(turn)) ? 0 : value;
    switch (id) {
      case 'sharegpt':
        return this.emit(shareGptRecord(said), said.images, [member]);
      case 'weighted-swift':
        return this.emit(swiftWeightedRecord(said, weightOf), said.images, [member]);
      case 'weighted-llamafactory':
        return this.emit(v1WeightedRecord(said, weightOf), said.images, [member]);
      case 'kto-trl':
        return this.emit(trlKtoRecord(said, good), said.images, [member]);
      case 'kto-llamafactory':
      case 'kto-swift':
        return this.emit(labelledRecord(said, good), said.images, [member]);
      default:
        return this.emit(messagesRecord(said), said.images, [member]);
    }
  }

  private async pairs(group: ExportGroup): Promise<void> {
    const pairs = pairsOf(group, this.command.export);
    const paired = new Set(pairs.flat());
    for (const member of group.members)
      if (!paired.has(member))
        this.tally.omit(Number.isNaN(member.total) ? 'it has no reward' : 'in no pair of its group', member.id);
    for (const [good, bad] of pairs) {
      const failed = await this.pair(good, bad, group);
      if (failed !== null) for (const { id } of [good, bad]) this.tally.omit(`its pair: ${failed.reason}`, id);
    }
  }

  private async pair(good: ExportMember, bad: ExportMember, group: ExportGroup): Promise<LeftOut | null> {
    if (good.rollout.badge === 'malformed') return malformed;
    const chosen = await this.conversation(good, group);
    if (isLeftOut(chosen)) return chosen;
    const rejected = await this.conversation(bad, group);
    if (isLeftOut(rejected)) return rejected;
    const { id } = this.format;
    const build = id === 'dpo-trl' ? trlPairRecord : id === 'dpo-swift' ? swiftPairRecord : llamaFactoryPairRecord;
    return this.emit(build({ chosen, rejected }), [...chosen.images, ...rejected.images], [good, bad]);
  }

  private async steps(member: ExportMember, group: ExportGroup): Promise<LeftOut | null> {
    const { rollout, notes } = member;
    const { id } = this.format;
    const steps = judgedSteps(rollout, notes);
    if (id === 'gui-shepherd') {
      const seen = await this.pictures.of(rollout, group.group, group.image, group.context);
      if (isLeftOut(seen)) return seen;
      const lookedAt = (turn: number) =>
        seen.replies.filter((reply) => reply.turn < turn).at(-1)?.path ?? seen.question.at(-1) ?? null;
      const records = guiShepherdRecords(rollout, steps, lookedAt);
      for (const record of records) {
        const { screenshot } = record as { readonly screenshot: string | null };
        const failed = await this.emit(record, screenshot === null ? [] : [screenshot], [member]);
        if (failed !== null) return failed;
      }
      return records.length === 0 ? unjudged : null;
    }
    const record = (id === 'prm800k' ? prm800kRecord : trlStepwiseRecord)(rollout, steps);
    return record === null ? unjudged : this.emit(record, [], [member]);
  }

  /** StaR+: a record a state, with the policy's click or the simulated annotator's. */
  private async clicks({ rollout, id }: ExportMember, { image }: ExportGroup): Promise<LeftOut | null> {
    const steps = refinedClicks(rollout);
    if (typeof steps === 'string') return { reason: steps };
    const [height, width] = rollout.truthMask?.size ?? [0, 0];
    for (const step of steps) {
      const picture = await this.pictures.overlay(rollout, step.index, image, step.before);
      if (typeof picture !== 'string') return picture;
      const record = starPlusRecord(step, captionOf(rollout.prompt), { width, height }, picture);
      const failed = await this.emit(record, [picture], [{ id }]);
      if (failed !== null) return failed;
      this.refined[step.kept ? 'kept' : 'replaced']++;
    }
    return steps.length === 0 ? { reason: 'nothing of it is to be learned' } : null;
  }

  private async conversation({ rollout }: ExportMember, group: ExportGroup): Promise<Conversation | LeftOut> {
    const seen = await this.pictures.of(rollout, group.group, group.image, group.context);
    return isLeftOut(seen) ? seen : conversationOf(rollout, seen);
  }

  /** Writes one record and its pictures; a record that cannot be is told by its reason. */
  private async emit(
    record: object,
    pictures: readonly string[],
    members: readonly Pick<ExportMember, 'id'>[],
  ): Promise<LeftOut | null> {
    if (isLeftOut(record)) return record;
    const failed = await this.pictures.write(pictures);
    if (failed !== null) return failed;
    await this.folder?.append('data.jsonl', `${JSON.stringify(record)}\n`);
    if (this.preview.length < previewed) this.preview.push(record);
    this.tally.record(members.map(({ id }) => id));
    return null;
  }
}

const malformed: LeftOut = { reason: 'an action of it cannot be read' };
const unjudged: LeftOut = { reason: 'its first step has no label' };

const leftOutText = ({ leftOut }: Manifest) =>
  leftOut
    .map(({ reason, rollouts, examples }) => `  left out ${rollouts}: ${reason} (${examples[0] ?? ''})`)
    .join('\n');

function summaryOf(manifest: Manifest, output: string | null): string {
  const { records, rollouts, pictures } = manifest.written;
  const where = output === null ? 'would be written' : `in ${output}`;
  return [`${records} records of ${rollouts} rollouts, ${pictures} pictures ${where}`, leftOutText(manifest)]
    .filter((line) => line !== '')
    .join('\n');
}
