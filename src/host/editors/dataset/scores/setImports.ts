import type { DifficultySource, ScoreSource, ScoresImported } from '../../../../protocol/imageSetScores';
import type { ImageSetLink } from '../imageSetLink';
import type { RememberedScores, ScoreMemory } from './scoreMemory';

const patient = { deadline: Number.POSITIVE_INFINITY };

/** What was imported into one set: kept in the workspace, and told to the data child whenever that opened the set anew. */
export class SetImports {
  private telling: Promise<void> = Promise.resolve();
  /** Opening of the set that was told. */
  private toldTo = 0;

  constructor(
    private readonly path: string,
    private readonly link: Pick<ImageSetLink, 'openings' | 'whenOpen' | 'ask'>,
    private readonly memory: ScoreMemory,
    /** A table could not be read again. */
    private readonly failed: (source: ScoreSource, error: unknown) => void,
  ) {}

  /** The data child has every column that was imported. Waits for the scan. */
  settled(): Promise<void> {
    // A set that did not open is asked for again when it has.
    this.telling = this.telling.catch(() => undefined).then(() => this.tell());
    return this.telling;
  }

  async add(source: ScoreSource, signal: AbortSignal): Promise<ScoresImported> {
    await this.settled();
    const done = await this.link.ask('imageset/importScores', { source }, { signal, ...patient });
    const { sources, ...others } = this.memory.get(this.path);
    await this.keep({ ...others, sources: [...sources.filter((one) => !isSame(one, source)), source] });
    return done;
  }

  async forget(source: ScoreSource): Promise<void> {
    const { sources, ...others } = this.memory.get(this.path);
    await this.keep({ ...others, sources: sources.filter((one) => !isSame(one, source)) });
  }

  async setDifficulty(difficulty: DifficultySource): Promise<{ readonly about: string }> {
    await this.settled();
    const made = await this.link.ask('imageset/difficulty', { source: difficulty });
    await this.keep({ ...this.memory.get(this.path), difficulty });
    return made;
  }

  private keep(scores: RememberedScores): Promise<void> {
    return this.memory.set(this.path, scores);
  }

  private async tell(): Promise<void> {
    await this.link.whenOpen();
    const { openings } = this.link;
    if (openings === this.toldTo) return;
    this.toldTo = openings;
    const { sources, difficulty } = this.memory.get(this.path);
    for (const source of sources)
      await this.link.ask('imageset/importScores', { source }, patient).catch((error: unknown) => {
        // Not awaited: a message may stand there for as long as the user likes, and queries wait for this.
        this.failed(source, error);
      });
    // Its column may come later, from rollouts, and counts then; or not at all any more.
    if (difficulty !== null) await this.link.ask('imageset/difficulty', { source: difficulty }).catch(() => undefined);
  }
}

const isSame = (a: ScoreSource, b: ScoreSource): boolean =>
  a.path === b.path && a.value === b.value && a.key?.column === b.key?.column && a.kind === b.kind;
