import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Problem } from '../../../core/text/problem';
import { UserError } from '../../../core/text/userError';
import { imageNames } from '../../../core/trajectory/imageNames';
import type { RolloutRecord } from '../../../core/trajectory/rollout';
import type { FormatId } from '../../../formats/format';
import type { ImageRef, ImageState, RunConfig, TraceOverrides } from '../../../protocol/data';
import type { DatasetRow } from '../../../protocol/dataset';
import { discoverConfig, type FoundConfig } from './configDiscovery';
import { joinImage, joinRows } from './datasetJoin';
import { type DatasetSearch, findDatasets } from './datasetPaths';
import { DatasetShelf, openDataset } from './datasetShelf';
import { cacheImage } from './imageCache';
import { ImageFiles } from './imageFiles';
import { isWithin, kindOf } from './nearby';
import { openParquetImages, type ParquetImages } from './parquetDataset';
import { defaultTableLimits, TableDatabase, type TableLimits } from './tableDatabase';

/** Which group's image is wanted; `record` is one row of the group, `file` the trace file it stands in (relative). */
export interface ImageQuery {
  readonly groupKey: string;
  readonly record: RolloutRecord;
  readonly file: string;
}

/** Finds the image a rollout was about: chosen by the user, named by the log, or joined from the run's datasets. */
export interface ImageResolver {
  /** The run's own configuration, or what the settings say; null with neither. Changes with the overrides. */
  readonly config: RunConfig | null;
  /** A lookup; never fetches an image's bytes into the cache. The first one that needs a dataset reads its key columns. */
  resolve(query: ImageQuery, signal?: AbortSignal): Promise<ImageState>;
  /** The rows of the run's datasets that a query's sample stands in; a sentence where none is known. */
  rows(query: ImageQuery): Promise<readonly DatasetRow[] | string>;
  /** A path on disk with the encoded bytes: a file as it stands, a table cell written into the cache first. Throws `UserError`. */
  file(ref: ImageRef): Promise<string>;
  /** The encoded bytes of a table's cell. Throws `UserError`. */
  bytes(ref: Extract<ImageRef, { readonly kind: 'table' }>): Promise<Uint8Array>;
  /**
   * An image file that a row of `traceFile` names: relative to the trace's folder, else as any name in a log is looked for
   * (`ImageFiles`). Null when it is not here or leads out of every folder that may hold images.
   */
  beside(name: string, traceFile: string): Promise<string | null>;
  /** The first image in a row (0-based) of a parquet file, which is the trace itself. Throws `UserError`. */
  cell(file: string, row: number): Promise<ImageState>;
  /** What is wrong with the configuration and the datasets; grows when datasets are opened. */
  problems(): readonly Problem[];
  setOverrides(overrides: TraceOverrides): Promise<void>;
  /** Rejects nothing; waits for a query under way. */
  dispose(): Promise<void>;
}

export interface ImageResolverOptions {
  /** Absolute path of the opened file or folder. */
  readonly tracePath: string;
  readonly format: FormatId;
  readonly overrides: TraceOverrides;
  /** Absolute; created when missing. */
  readonly cacheDir: string;
  /** For DuckDB; `defaultTableLimits` without. */
  readonly limits?: TableLimits;
}

/** Reads the run's configuration (small files near the trace); datasets are opened later. */
export async function createImageResolver(options: ImageResolverOptions): Promise<ImageResolver> {
  const traceDir = (await kindOf(options.tracePath)) === 'directory' ? options.tracePath : dirname(options.tracePath);
  const { config, problems } = await discoverConfig(options.tracePath);
  const resolver = new Resolver(options, traceDir, config, problems);
  await resolver.setOverrides(options.overrides);
  return resolver;
}

class Resolver implements ImageResolver {
  private readonly database: TableDatabase;
  private overrides: TraceOverrides = {};
  private shelf: DatasetShelf;
  private files: ImageFiles;
  /** Parquet files that are the trace itself. */
  private readonly tables = new Map<string, Promise<ParquetImages>>();
  private missing: DatasetSearch['missing'] = [];
  private current: RunConfig | null = null;

  constructor(
    private readonly options: ImageResolverOptions,
    private readonly traceDir: string,
    private readonly found: FoundConfig | null,
    private readonly configProblems: readonly Problem[],
  ) {
    this.files = new ImageFiles([], traceDir);
    this.database = new TableDatabase(options.limits ?? defaultTableLimits);
    this.shelf = new DatasetShelf(this.database, [], { promptKey: undefined, imageKey: undefined });
  }

  get config(): RunConfig | null {
    return this.current;
  }

  async setOverrides(overrides: TraceOverrides): Promise<void> {
    this.overrides = overrides;
    this.tables.clear();
    const { found, traceDir } = this;
    const configDir = found === null ? null : dirname(found.file);
    const places = { cwd: found?.cwd ?? null, configDir, traceDir };
    const fields = found?.fields ?? null;
    // Files the user names win over the configured ones; the configured ones are not read then.
    const named = overrides.datasetFiles ?? [];
    const train = await findDatasets(named.length > 0 ? named : (fields?.trainFiles ?? []), places);
    const validation = await findDatasets(named.length > 0 ? [] : (fields?.validationFiles ?? []), places);
    const imageDir = fields?.imageDir ?? null;
    this.missing = [...train.missing, ...validation.missing];
    this.current = this.runConfig(train, validation, imageDir);
    this.files = new ImageFiles(
      [
        ...(overrides.imageRoots ?? []).map((root) => resolve(traceDir, root)),
        ...(imageDir === null
          ? []
          : [resolve(found?.cwd ?? configDir ?? traceDir, imageDir), resolve(traceDir, imageDir)]),
      ],
      traceDir,
    );
    const promptKey = overrides.promptKey ?? fields?.promptKey;
    const imageKey = overrides.imageKey ?? fields?.imageKey;
    const paths = new Map([...train.found, ...validation.found].map((one) => [one.path, one]));
    this.shelf.close();
    this.shelf = new DatasetShelf(this.database, [...paths.values()], { promptKey, imageKey });
  }

  async resolve({ groupKey, record, file }: ImageQuery, signal?: AbortSignal): Promise<ImageState> {
    signal?.throwIfAborted();
    const chosen = this.overrides.images?.[groupKey];
    if (chosen !== undefined) return { kind: 'resolved', ref: chosen, how: 'chosen by you', count: 1 };
    const names = imageNames(record);
    const [name = null] = names;
    const search = name === null ? null : await this.files.find(name, dirname(join(this.traceDir, file)));
    if (search !== null && search.path !== null) {
      const notes = [search.note, record.imageDoubt ?? ''].filter((note) => note !== '');
      const how = `named by the log${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
      return { kind: 'resolved', ref: { kind: 'file', path: search.path }, how, count: names.length };
    }
    const datasets = await this.shelf.datasets();
    signal?.throwIfAborted();
    const joined = record.prompt === '' ? null : await joinImage(datasets, record, this.files);
    if (joined !== null) return joined;
    const tried = [...(search?.tried ?? []), ...this.missing.flatMap((dataset) => dataset.tried.slice(0, 10))];
    return { kind: 'missing', reason: this.whyMissing(name, record.imageTrouble), tried };
  }

  async rows({ groupKey, record }: ImageQuery): Promise<readonly DatasetRow[] | string> {
    const chosen = this.overrides.images?.[groupKey];
    if (chosen?.kind === 'table') return [{ dataset: chosen.dataset, row: chosen.row }];
    const datasets = await this.shelf.datasets();
    if (datasets.length === 0) return this.found === null ? 'no dataset of it is named' : 'its dataset is not here';
    return joinRows(datasets, record, this.files);
  }

  /** `row` images are the trace's own (`TraceImages`). */
  async file(ref: Exclude<ImageRef, { readonly kind: 'row' }>): Promise<string> {
    if (ref.kind === 'file') {
      if ((await kindOf(ref.path)) !== 'file') throw new UserError(`${ref.path}: there is no such image file`);
      return ref.path;
    }
    return cacheImage(this.options.cacheDir, await this.bytes(ref));
  }

  async bytes({
    dataset: file,
    row,
    column,
    index,
  }: Extract<ImageRef, { readonly kind: 'table' }>): Promise<Uint8Array> {
    const { promptKey, imageKey } = this.overrides;
    const dataset =
      (await this.tables.get(file)) ??
      (await this.shelf.byFile(file)) ??
      (await openDataset(this.database, file, { promptKey, imageKey }));
    return dataset.bytes(row, column, index);
  }

  async cell(file: string, row: number): Promise<ImageState> {
    const table = await this.table(file);
    const column = table.imageColumn;
    const cells = await table.images(row);
    const index = cells.findIndex(({ kind }) => kind !== 'null');
    const cell = cells[index];
    if (column === null || cell === undefined || cell.kind === 'null')
      return { kind: 'missing', reason: `Row ${row + 1} of ${this.files.shown(file)} holds no image.`, tried: [] };
    const count = cells.length;
    if (cell.kind === 'embedded') {
      const ref: ImageRef = { kind: 'table', dataset: file, row, column, index };
      return { kind: 'resolved', ref, how: 'inside the dataset itself', count };
    }
    const { path, note, tried } = await this.files.find(cell.path, dirname(file));
    if (path === null) return { kind: 'missing', reason: `The dataset names ${cell.path}, which is not here.`, tried };
    const how = `named by the dataset${note === '' ? '' : ` (${note})`}`;
    return { kind: 'resolved', ref: { kind: 'file', path }, how, count };
  }

  private table(file: string): Promise<ParquetImages> {
    const known = this.tables.get(file);
    if (known !== undefined) return known;
    const opened = openParquetImages(this.database, file, this.overrides.imageKey);
    this.tables.set(file, opened);
    return opened;
  }

  async beside(name: string, traceFile: string): Promise<string | null> {
    const own = resolve(this.traceDir, name);
    if (!name.includes('\0') && isWithin(own, this.traceDir) && (await kindOf(own)) === 'file') return own;
    return (await this.files.find(name, dirname(join(this.traceDir, traceFile)))).path;
  }

  problems(): readonly Problem[] {
    const missing = this.missing.map(
      ({ name, tried }): Problem => ({
        severity: 'warning',
        file: this.found?.file ?? 'settings',
        line: null,
        element: null,
        field: this.overrides.datasetFiles === undefined ? 'train_files, val_files' : 'datasetFiles',
        message: `the dataset ${name} is not here (looked at ${tried.slice(0, 5).join(', ')}${tried.length > 5 ? ', …' : ''})`,
      }),
    );
    return [...this.configProblems, ...missing, ...this.shelf.problems];
  }

  async dispose(): Promise<void> {
    this.shelf.close();
    await this.database.dispose();
  }

  private runConfig(train: DatasetSearch, validation: DatasetSearch, imageDir: string | null): RunConfig | null {
    const { found, overrides } = this;
    const settings = (overrides.datasetFiles?.length ?? 0) > 0;
    if (found === null && !settings) return null;
    const fields = found?.fields;
    const trainSize = fields?.groupSize ?? null;
    return {
      source: found?.file ?? 'settings',
      trainFiles: pathsOf(train),
      validationFiles: pathsOf(validation),
      promptKey: overrides.promptKey ?? fields?.promptKey ?? 'prompt',
      imageKey: overrides.imageKey ?? fields?.imageKey ?? 'images',
      imageDir,
      model: fields?.model ?? null,
      groupSize: found?.validation === true ? (fields?.validationGroupSize ?? 1) : trainSize,
      advantageEstimator: fields?.advantageEstimator ?? null,
      minPixels: fields?.minPixels ?? null,
      maxPixels: fields?.maxPixels ?? null,
      ...(fields?.rewardFunctions === undefined ? {} : { rewardFunctions: fields.rewardFunctions }),
      ...(fields?.tool === undefined ? {} : { tool: fields.tool }),
    };
  }

  private whyMissing(name: string | null, trouble = 'The log names no image'): string {
    const start = name === null ? trouble : `The log names ${name}, which is not here`;
    if (this.shelf.files.length > 0)
      return `${start}, and no row of ${this.shelf.files.slice(0, 3).join(', ')}${this.shelf.files.length > 3 ? ' …' : ''} asks this prompt.`;
    if (this.found === null) return `${start}, and no configuration of the run was found near the trace.`;
    if (this.missing.length === 0) return `${start}, and ${this.found.file} names no dataset.`;
    return `${start}, and the datasets of ${this.found.file} are not here.`;
  }
}

const pathsOf = ({ found, missing }: DatasetSearch) => [
  ...found.map(({ path }) => path),
  ...missing.map(({ name }) => name).filter((name) => isAbsolute(name)),
];
