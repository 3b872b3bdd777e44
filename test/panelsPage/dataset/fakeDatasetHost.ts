import type { Problem } from '../../../src/core/text/problem';
import { UserError } from '../../../src/core/text/userError';
import { Channel, type Handlers, type Port } from '../../../src/protocol/channel';
import type {
  DatasetHostEvents,
  DatasetHostMethods,
  DatasetWebviewEvents,
  DatasetWebviewMethods,
  SavedImageQuery,
} from '../../../src/protocol/datasetEditor';
import type { RolloutsOnSet } from '../../../src/protocol/datasetRollouts';
import type { ImageSetProgress } from '../../../src/protocol/imageSet';
import type { Paint } from '../../../src/protocol/rollouts';
import { FakeSegment, fakeModels } from '../fakeSegment';
import { FakeCurate } from './fakeCurate';
import { FakeImageNotes } from './fakeImageNotes';
import { FakeImageQueries, fakeImageColumns } from './fakeImageQueries';
import { FakeImageRollouts, type RolloutsScenario } from './fakeImageRollouts';
import { imageOf, labelCounts, pictureOf, rowOf, sizeOf } from './fakeImages';
import { fakeProposals, fakeSkeleton, manyShapes } from './fakeShapes';
import { fakeVideo } from './fakeVideo';

/** What the page shows; every key has a usual value. */
export interface DatasetScenario {
  readonly images?: number;
  /** Milliseconds before every answer. */
  readonly delay?: number;
  /** Images read by now; more come by `grow`. */
  readonly scanning?: number;
  readonly problems?: number;
  /** No image lies where the file says. */
  readonly missing?: boolean;
  readonly photo?: boolean;
  readonly failing?: boolean;
  /** Every image has a shape of each kind, and so many small boxes and polygons. */
  readonly shapes?: number;
  /** Images are frames, so many in a video; none where it is absent. */
  readonly videos?: number;
  /** Rollouts are joined with the images. */
  readonly rollouts?: RolloutsScenario;
}

/** The host's end of the dataset editor's page over made-up images, in the page itself. */
export class FakeDatasetHost {
  readonly calls: string[] = [];
  readonly answered: string[] = [];
  /** From now on nothing is answered. */
  frozen = false;
  readonly queries: FakeImageQueries;
  readonly segment = new FakeSegment();
  readonly notes = new FakeImageNotes((changed) => {
    this.channel.emit('edits/changed', changed);
    this.channel.emit('set/edited', { images: null });
  });
  readonly rollouts: FakeImageRollouts;
  readonly curate = new FakeCurate((view) =>
    view === null
      ? Array.from({ length: this.known }, (_, index) => index)
      : Uint32Array.from(new Set(this.queries.order(view))),
  );
  private known: number;
  private missing: boolean;
  private saved: SavedImageQuery | null = null;
  readonly channel: Channel<DatasetHostMethods, DatasetWebviewMethods, DatasetHostEvents, DatasetWebviewEvents>;

  constructor(
    port: Port,
    readonly scenario: DatasetScenario,
  ) {
    this.known = scenario.scanning ?? this.images;
    this.missing = scenario.missing ?? false;
    this.queries = new FakeImageQueries(this.images);
    const changed = (state: RolloutsOnSet) => this.channel.emit('rollouts/changed', state);
    this.rollouts = new FakeImageRollouts(scenario.rollouts, changed, sizeOf);
    this.channel = new Channel(port, this.delayed(this.handlers()));
  }

  /** Reveals more of the set, as a scan does. */
  grow(more: number): void {
    this.known = Math.min(this.images, this.known + more);
    this.channel.emit('set/progress', this.progress());
  }

  private get images(): number {
    return this.scenario.images ?? 400;
  }

  private progress(): ImageSetProgress {
    const share = this.images === 0 ? 1 : this.known / this.images;
    return {
      setId: 1,
      done: this.known === this.images,
      bytesRead: Math.round(1e8 * share),
      bytesTotal: 1e8,
      images: this.known,
      annotations: this.known * 5,
      problems: this.scenario.problems ?? 0,
    };
  }

  private async paint(index: number, maxSide: number): Promise<Paint> {
    if (this.missing) return { kind: 'error', message: 'The image was not found.' };
    if (index % 97 === 13) return { kind: 'error', message: 'The image is broken: premature end of JPEG.' };
    const { width, height } = sizeOf(index);
    const scale = Math.min(1, maxSide / Math.max(width, height));
    return {
      kind: 'uri',
      uri: await pictureOf(index, maxSide),
      size: { width: Math.round(width * scale), height: Math.round(height * scale) },
      original: { width, height },
    };
  }

  private problems(): readonly Problem[] {
    return Array.from({ length: Math.min(1000, this.scenario.problems ?? 0) }, (_, i) => ({
      severity: i % 3 === 0 ? 'error' : 'warning',
      file: 'instances_val2017.json',
      line: 10 + i * 7,
      element: null,
      field: i % 3 === 0 ? 'image_id' : 'bbox',
      message:
        i % 3 === 0
          ? `Annotation ${900 + i} belongs to no image.`
          : `The box of annotation ${900 + i} leaves its image.`,
    }));
  }

  private handlers(): Handlers<DatasetHostMethods> {
    return {
      'editor/ready': () => {
        if (this.scenario.failing) throw new UserError('instances_val2017.json is not JSON: line 3 ends too early.');
        return {
          name: this.scenario.photo ? 'beach.jpg' : 'instances_val2017.json',
          format: 'coco',
          formatTitle: 'COCO',
          reason: 'It has images, annotations and categories.',
          frame: 'stored',
          progress: this.progress(),
          photo: this.scenario.photo ?? false,
          testHook: true,
        };
      },
      'set/info': () => ({
        images: this.known,
        annotations: this.known * 5,
        labels: labelCounts(Array.from({ length: Math.min(400, this.known) }, (_, i) => i)),
        skeletons: [{ label: 'person', ...fakeSkeleton }],
        splits: [
          { split: 'train', images: Math.ceil(this.known * 0.6) },
          { split: 'val', images: Math.ceil(this.known * 0.2) },
          { split: 'test', images: Math.ceil(this.known * 0.2) },
        ],
        problems: this.problems(),
        problemCount: this.scenario.problems ?? 0,
      }),
      'set/columns': () => fakeImageColumns,
      'set/rows': ({ start, count, view }) => {
        const order = view === null ? null : this.queries.order(view);
        const length = order === null ? this.known : order.length;
        return Array.from({ length: Math.max(0, Math.min(count, length - start)) }, (_, i) =>
          this.rollouts.row(
            this.notes.row(
              rowOf(order === null ? start + i : (order[start + i] ?? 0), view === null ? undefined : null),
            ),
          ),
        );
      },
      'set/image': ({ index }) => {
        const { shapes } = this.scenario;
        return shapes === undefined ? imageOf(index) : manyShapes(imageOf(index), shapes);
      },
      'set/video': ({ index }) => fakeVideo(index, this.scenario.videos ?? 0),
      ...this.notes.handlers(),
      ...this.rollouts.handlers(),
      ...this.curate.handlers(),
      'segment/models': () => fakeModels,
      'segment/choose': () => null,
      'segment/addModel': () => null,
      'segment/run': (prompt) => this.segment.run(prompt, sizeOf(prompt.image)),
      'segment/prepare': () => this.segment.prepare(),
      'segment/restart': () => null,
      'set/query': ({ query }) => this.queries.find(query),
      'set/statistics': ({ view }) => this.queries.statistics(view),
      'image/preview': ({ index, maxSide }) => this.paint(index, maxSide),
      'image/region': ({ index, maxSide }) => this.paint(index, maxSide),
      'image/pyramid': () => null,
      'image/tile': () => ({ kind: 'error', message: 'The fake image has no tiles.' }),
      'policy/ask': ({ index, show }) => (show ? null : fakeProposals(index)),
      'policy/open': () => null,
      'images/chooseFolder': () => {
        this.missing = false;
        setTimeout(() => this.channel.emit('set/stale', {}), 0);
        return true;
      },
      'images/findDuplicates': () => ({ groups: 2, images: 5, looked: this.images - 1, unread: 1 }),
      'filters/save': ({ query }) => {
        this.saved = { name: 'kept', query };
        return this.saved;
      },
      'filters/pick': () => this.saved,
      'editor/openPlace': () => null,
      'editor/copy': () => null,
      'editor/showLog': () => null,
      'editor/restart': () => null,
      'editor/alive': () => null,
      'editor/focus': () => null,
    };
  }

  /** The handlers, each noted, and late by the scenario's delay. */
  private delayed(handlers: Handlers<DatasetHostMethods>): Handlers<DatasetHostMethods> {
    const wrapped = Object.entries(handlers).map(([method, handle]) => [
      method,
      async (params: never, signal: AbortSignal) => {
        this.calls.push(method);
        if (this.frozen) return new Promise(() => undefined);
        if (this.scenario.delay !== undefined) await new Promise((done) => setTimeout(done, this.scenario.delay));
        if (signal.aborted) throw new Error('cancelled');
        const answer: unknown = await (handle as (params: never, signal: AbortSignal) => unknown)(params, signal);
        this.answered.push(method);
        return answer;
      },
    ]);
    return Object.fromEntries(wrapped) as Handlers<DatasetHostMethods>;
  }
}
