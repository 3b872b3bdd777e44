import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/text/userError';
import type { RolloutSummary } from '../../protocol/data';
import { type GroupAnnotations, NOTES_MEMBERS } from '../../protocol/notes';
import { afterFirstError } from '../settings';
import type { TraceSession } from '../traces/traceSession';
import { annotationAuthor } from './author';
import { Journal } from './journal';
import { ReviewMarks } from './reviewMarks';
import { type NotesSurroundings, SidecarDocument } from './sidecarDocument';
import { TraceAnnotations, wholeKey } from './traceAnnotations';

/** Members a call of the data child answers. */
const membersPage = 1000;
/** Reading a sidecar may take as long as its size and the disk say. */
const patient = { deadline: Number.POSITIVE_INFINITY };

/** The annotations of one trace in this window. */
export class DocumentNotes extends SidecarDocument {
  private readonly marks: ReviewMarks;
  private readonly placed = new vscode.EventEmitter<void>();
  /** Marks of a whole sidecar have reached the data child: what counts them counts anew. */
  readonly onPlaced = this.placed.event;
  private author: Promise<string> | null = null;

  constructor(
    readonly uri: vscode.Uri,
    private readonly session: TraceSession,
    around: NotesSurroundings,
  ) {
    const journal = new Journal(around.journals, session.path);
    const annotations = new TraceAnnotations(
      { ask: (method, params) => session.link.ask(method, params, patient) },
      journal,
      () => around.places(),
    );
    const files = async () => (await session.link.whenOpen()).files;
    super(annotations, journal, { files, watched: () => sidecarFolders(session) }, around, uri.fsPath);
    this.marks = new ReviewMarks(annotations, session.link, {
      placed: () => this.placed.fire(),
      failed: around.failed,
    });
    annotations.listen(this.marks);
  }

  async group(group: number, signal: AbortSignal): Promise<GroupAnnotations> {
    await this.open();
    const { link } = this.session;
    const [summary] = await link.ask('trace/groups', { start: group, count: 1 }, { signal });
    if (summary === undefined) throw new UserError('The trace has no such group.');
    const { size, step } = summary;
    const members: RolloutSummary[] = summary.rollouts.slice(0, NOTES_MEMBERS);
    while (members.length < Math.min(size, NOTES_MEMBERS)) {
      const count = Math.min(membersPage, NOTES_MEMBERS - members.length);
      const more = await link.ask('trace/members', { group, start: members.length, count }, { signal });
      if (more.length === 0) break;
      members.push(...more);
    }
    const places = await link.ask('notes/keys', { rows: members.map(({ row }) => row) }, { signal });
    const keyed = members.flatMap(({ row, reward }, i) => {
      const place = places[i];
      return place === undefined ? [] : [{ row, reward, key: wholeKey(place.file, place.key), hints: place.hints }];
    });
    const [first] = places;
    const key = wholeKey(first?.file ?? '', summary.key);
    const { annotations } = this;
    const author = await this.whoever();
    return {
      revision: annotations.revision,
      author,
      afterFirstError: afterFirstError(this.uri),
      key,
      hints: { line: first?.hints.line ?? 0, step },
      members: keyed,
      size,
      annotated: annotations.all.size,
      records: [
        ...annotations.records('group', [key]),
        ...annotations.records(
          'rollout',
          keyed.map((member) => member.key),
        ),
      ],
    };
  }

  /** As of the base, and the data child knows of them. */
  override async settled(): Promise<void> {
    await super.settled();
    await this.marks.settled();
  }

  /** Copies log and sidecar; what is unsaved here goes with the copy, as VS Code takes it. */
  async saveAs(target: vscode.Uri): Promise<void> {
    if (target.scheme !== 'file') throw new UserError('Saccade saves to disk only. Choose a folder of this machine.');
    await this.open();
    const { files } = await this.session.link.whenOpen();
    const [file = ''] = files;
    const records = this.annotations.ownRecords(file);
    await this.session.link.ask('notes/saveAs', { to: target.fsPath, records }, patient);
    await this.annotations.revert();
  }

  override dispose(): void {
    super.dispose();
    this.placed.dispose();
  }

  private whoever(): Promise<string> {
    this.author ??= annotationAuthor(this.uri, dirname(this.session.path));
    return this.author;
  }
}

async function sidecarFolders(session: TraceSession): Promise<readonly (readonly [string, string])[]> {
  const { root, files } = await session.link.whenOpen();
  const [only] = files;
  const single = files.length === 1 && only !== undefined;
  return [single ? [dirname(join(root, only)), '*.saccade'] : [root, '**/*.saccade']];
}
