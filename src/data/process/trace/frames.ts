import { setTimeout as after } from 'node:timers/promises';
import type { FrameChoice } from '../../../core/geometry/frame';
import type { FormatFrames } from '../../../formats/format';
import type { FrameReport } from '../../../protocol/data';
import { frameReports } from './frameReports';
import { type GroupBoxes, sampleGroups } from './frameSamples';
import type { TraceImages } from './images';
import type { RowReader } from './rowReader';
import type { TraceTables } from './tables';

/** Milliseconds that a group's details wait for evidence before they go without. */
const patience = 200;

/** The frames in force. Evidence is gathered beside everything else; who was answered before it came is told to ask again. */
export class TraceFrames {
  private samples: readonly GroupBoxes[] = [];
  private gathering: Promise<void> | null = null;
  private user: readonly FrameChoice[] = [];
  /** What was last given out. */
  private shown = '';
  private cached: { readonly of: readonly unknown[]; readonly reports: readonly FrameReport[] } | null = null;

  constructor(
    private readonly tables: TraceTables,
    private readonly reader: RowReader,
    private readonly images: TraceImages,
    private readonly format: FormatFrames,
    private readonly signal: AbortSignal,
    /** Choices that were given out before no longer hold. */
    private readonly onChange: () => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  setUser(choices: readonly FrameChoice[]): void {
    this.user = choices;
  }

  /** Gathers evidence from what is scanned by now. */
  gather(): Promise<void> {
    const before = this.gathering ?? Promise.resolve();
    const mine = before
      .then(() => sampleGroups(this.tables, this.reader, this.images, this.signal))
      .then((samples) => {
        this.samples = samples;
        this.compare();
      })
      .catch((error: unknown) => {
        if (!this.signal.aborted) this.onError(error);
      });
    this.gathering = mine;
    return mine;
  }

  /** Reports on all evidence that is being gathered. */
  async settled(): Promise<readonly FrameReport[]> {
    await (this.gathering ?? this.gather());
    return this.reports();
  }

  /** The choices for one data source, as far as they can be told in a fifth of a second. */
  async choices(dataSource: string | null): Promise<readonly FrameChoice[]> {
    await Promise.race([this.gathering ?? this.gather(), after(patience)]);
    const reports = this.reports();
    this.shown = fingerprint(reports);
    return reports.filter((report) => report.dataSource === dataSource).map(({ choice }) => choice);
  }

  reports(): readonly FrameReport[] {
    const { samples, user, format } = this;
    const { config } = this.images;
    const sources = this.tables.dataSources;
    const of = [samples, user, config, sources.length];
    const known = this.cached;
    if (known?.of.every((part, i) => part === of[i])) return known.reports;
    const reports = frameReports(samples, sources, { user, format, config });
    this.cached = { of, reports };
    return reports;
  }

  private compare(): void {
    if (this.shown !== '' && this.shown !== fingerprint(this.reports())) this.onChange();
  }
}

function fingerprint(reports: readonly FrameReport[]): string {
  return JSON.stringify(reports.map(({ choice }) => [choice.dataSource, choice.field, choice.spec, choice.origin]));
}
