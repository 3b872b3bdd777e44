import { readFile, stat } from 'node:fs/promises';
import type { JsonValue } from '../../../core/text/jsonValue';
import { parseTolerantJson } from '../../../core/text/tolerantJson';
import { UserError } from '../../../core/text/userError';
import type { RolloutRecord } from '../../../core/trajectory/rollout';
import type { DatasetTruth } from '../../../protocol/dataset';
import { type Dataset, maxDatasetRows } from '../images/dataset';
import { rowsAsking } from '../images/datasetJoin';
import { objectOf } from '../images/datasetRow';
import { openDataset } from '../images/datasetShelf';
import { isFileError, lastParts } from '../images/nearby';
import { TableDatabase, type TableLimits } from '../images/tableDatabase';
import { CocoTruth } from './cocoTruth';
import { truthOfRow } from './truthOfRow';

/** What a ground truth is looked up by. */
export interface Sample {
  readonly record: RolloutRecord;
  /** Name or path of its image; null where it has none of its own. */
  readonly image: string | null;
}

/** A dataset that knows ground truths. */
interface TruthSource {
  of(sample: Sample): Promise<DatasetTruth | string>;
}

/** A COCO document is read whole: JavaScript holds no longer text. */
const mostCoco = 400 * 1024 * 1024;

/** Ground truth from datasets that have nothing to do with the run; each is read once. */
export class TruthShelf {
  private readonly sources = new Map<string, Promise<TruthSource>>();

  constructor(private readonly limits: TableLimits) {}

  async of(path: string, sample: Sample): Promise<DatasetTruth | string> {
    const source = this.sources.get(path) ?? this.open(path);
    this.sources.set(path, source);
    return (await source).of(sample);
  }

  private async open(path: string): Promise<TruthSource> {
    const coco = /\.json$/i.test(path) ? await readCoco(path) : null;
    return coco ?? TruthTable.open(path, this.limits);
  }
}

/** Null for a JSON file of another kind. Throws `UserError`. */
async function readCoco(path: string): Promise<CocoTruth | null> {
  try {
    const { size } = await stat(path);
    if (size > mostCoco) return null;
    const value: JsonValue = parseTolerantJson(await readFile(path, 'utf8'));
    return CocoTruth.of(objectOf(value));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    if (isFileError(error)) throw new UserError(`${path}: ${error.message}`);
    throw error;
  }
}

/** Rows of questions with their answers, joined as images are. */
class TruthTable implements TruthSource {
  private constructor(
    private readonly dataset: Dataset,
    private readonly truths: readonly (DatasetTruth | null)[],
  ) {}

  static async open(path: string, limits: TableLimits): Promise<TruthTable> {
    const truths: (DatasetTruth | null)[] = [];
    const onRow = (value: JsonValue) => {
      if (truths.length > maxDatasetRows) throw new UserError(`${path}: too many rows to join ground truth from`);
      truths.push(truthOfRow(objectOf(value)));
    };
    const database = new TableDatabase(limits);
    const dataset = await openDataset(database, path, { promptKey: undefined, imageKey: undefined, onRow });
    if (truths.every((truth) => truth === null)) throw new UserError(`${path}: no row holds a ground truth`);
    return new TruthTable(dataset, truths);
  }

  /** The row of the prompt; of several the one of the image, or all where they agree. */
  async of({ record, image }: Sample): Promise<DatasetTruth | string> {
    const rows = rowsAsking(this.dataset, record);
    if (rows.length === 0) return 'No row of the dataset asks this prompt.';
    const named = rows.length > 1 && image !== null ? await this.ofImage(rows, image) : rows;
    const found = (named.length === 0 ? rows : named).map((row) => this.truths[row] ?? null);
    const [first] = found;
    const texts = new Set(found.map((truth) => JSON.stringify(truth)));
    if (texts.size > 1) return `${found.length} rows of the dataset ask this prompt and have different ground truth.`;
    return first ?? 'The row of the dataset holds no ground truth.';
  }

  private async ofImage(rows: readonly number[], image: string): Promise<readonly number[]> {
    const found: number[] = [];
    for (const row of rows) {
      const cells = await this.dataset.images(row);
      if (cells.some((cell) => cell.kind === 'path' && lastParts(cell.path, 1) === lastParts(image, 1)))
        found.push(row);
    }
    return found;
  }
}
