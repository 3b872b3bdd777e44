import type { Problem } from '../../../core/text/problem';
import { UserError } from '../../../core/text/userError';
import { type Dataset, type DatasetKeys, maxDatasetRows } from './dataset';
import type { JoinableDataset } from './datasetJoin';
import type { FoundDataset } from './datasetPaths';
import { openFolderDataset } from './folderDataset';
import { openJsonDataset } from './jsonDataset';
import { kindOf } from './nearby';
import { openParquetDataset } from './parquetDataset';
import type { TableDatabase } from './tableDatabase';

/** The datasets of a run, opened when the first image is looked up; one that cannot be read is a problem, not an end. */
export class DatasetShelf {
  private opened: Promise<readonly JoinableDataset[]> | null = null;
  private readonly reported: Problem[] = [];
  private readonly closing = new AbortController();

  constructor(
    private readonly database: TableDatabase,
    private readonly found: readonly FoundDataset[],
    private readonly keys: DatasetKeys,
  ) {}

  get problems(): readonly Problem[] {
    return this.reported;
  }

  get files(): readonly string[] {
    return this.found.map(({ path }) => path);
  }

  datasets(): Promise<readonly JoinableDataset[]> {
    this.opened ??= this.openAll();
    return this.opened;
  }

  /** The dataset a table reference names; null when it is none of the run's. */
  async byFile(file: string): Promise<Dataset | null> {
    return (await this.datasets()).find(({ dataset }) => dataset.file === file)?.dataset ?? null;
  }

  close(): void {
    this.closing.abort();
  }

  private async openAll(): Promise<readonly JoinableDataset[]> {
    const datasets: JoinableDataset[] = [];
    let rows = 0;
    for (const { path, substitution } of this.found) {
      if (this.closing.signal.aborted) break;
      if (rows > maxDatasetRows) {
        this.report('warning', path, `not read: the files before it hold ${rows} rows already, name fewer datasets`);
        break;
      }
      try {
        const dataset = await openDataset(this.database, path, this.keys, this.closing.signal);
        datasets.push({ dataset, substitution });
        rows += dataset.index.rows;
        if (dataset.warning !== null) this.report('warning', path, dataset.warning);
      } catch (error) {
        if (this.closing.signal.aborted) break;
        if (!UserError.is(error)) throw error;
        this.report('error', path, error.message);
      }
    }
    return datasets;
  }

  private report(severity: Problem['severity'], file: string, message: string): void {
    const bare = message.startsWith(`${file}: `) ? message.slice(file.length + 2) : message;
    this.reported.push({ severity, file, line: null, element: null, field: null, message: bare });
  }
}

export async function openDataset(
  database: TableDatabase,
  path: string,
  keys: DatasetKeys,
  signal?: AbortSignal,
): Promise<Dataset> {
  const kind = await kindOf(path);
  if (kind === null) throw new UserError(`${path}: there is no such file`);
  if (kind === 'directory') return openFolderDataset(path, keys, signal);
  if (/\.parquet$/i.test(path)) return openParquetDataset(database, path, keys, signal);
  if (/\.(jsonl|ndjson|json)$/i.test(path)) return openJsonDataset(database, path, keys, signal);
  throw new UserError(`${path}: images are joined from parquet, JSON Lines, JSON or a folder; this is none of them`);
}
