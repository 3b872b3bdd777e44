import { type PictureFacts, samePictures } from '../../../core/trajectory/samePictures';
import type { PictureSource } from './imageContents';
import type { SampleTable } from './sampleTable';

/** A trace as far as its samples are concerned. */
export interface SampleSource {
  readonly samples: SampleTable;
  /** Null when the group's image is not to be found. */
  picture(group: number, signal: AbortSignal): Promise<PictureSource | null>;
}

/** Some groups of a trace. Two of these may be of one trace. */
export interface SampleSide {
  readonly source: SampleSource;
  readonly groups: Iterable<number>;
}

export interface JoinedSamples {
  /** For each side, the sample of every group that says something about its prompt: equal for equal samples of any side. */
  readonly sampleOf: readonly ReadonlyMap<number, string>[];
  /** Samples with a picture that could not be looked at: they are what its name says. */
  readonly byName: ReadonlySet<string>;
}

/** A picture as one trace writes it, with all groups that ask one question about it. */
interface Asked {
  readonly source: SampleSource;
  readonly group: number;
  readonly places: { readonly side: number; readonly group: number }[];
  found: PictureSource | null;
}

/** Pictures looked for side by side: rows and folders are read from disk meanwhile. */
const atOnce = 8;

/**
 * Tells which groups ask the same sample: prompt, ground truth and picture. Questions are told apart by what the scan kept;
 * pictures only where several may be asked about one question on all sides, and read only where their sizes agree. After
 * `until` (of `performance.now`) no more are looked for: names stand for the rest.
 */
export async function joinSamples(
  sides: readonly SampleSide[],
  until: number,
  signal: AbortSignal,
): Promise<JoinedSamples> {
  const questions = byQuestion(sides);
  const unsure = [...questions.values()].filter((asked) => isUnsure(asked, sides.length));
  await lookFor(unsure.flat(), until, signal);
  const sampleOf = sides.map(() => new Map<number, string>());
  const byName = new Set<string>();
  for (const [question, asked] of questions) {
    const facts = await contentsOf(asked, until, signal);
    const { classes, byName: unseen } = samePictures(facts);
    const looked = isUnsure(asked, sides.length);
    asked.forEach(({ source, group, places }, i) => {
      const key = `${question}/${classes[i]}`;
      for (const place of places) sampleOf[place.side]?.set(place.group, key);
      if (looked && unseen.has(classes[i] ?? -1) && source.samples.hasPicture(group)) byName.add(key);
    });
  }
  return { sampleOf, byName };
}

function byQuestion(sides: readonly SampleSide[]): ReadonlyMap<number, readonly Asked[]> {
  const questions = new Map<number, Map<string, Asked>>();
  const sources = new Map<SampleSource, number>();
  sides.forEach(({ source, groups }, side) => {
    const trace = sources.get(source) ?? sources.size;
    sources.set(source, trace);
    for (const group of groups) {
      const question = source.samples.question(group);
      if (question === null) continue;
      const pictures = questions.get(question) ?? new Map<string, Asked>();
      questions.set(question, pictures);
      const picture = `${trace}:${source.samples.picture(group)}`;
      const known = pictures.get(picture);
      if (known === undefined) pictures.set(picture, { source, group, places: [{ side, group }], found: null });
      else known.places.push({ side, group });
    }
  });
  return new Map([...questions].map(([question, pictures]) => [question, [...pictures.values()]]));
}

/** One picture of one log is one, and what only one side asks is joined with nothing. */
function isUnsure(asked: readonly Asked[], sides: number): boolean {
  return asked.length > 1 && new Set(asked.flatMap(({ places }) => places.map(({ side }) => side))).size === sides;
}

async function lookFor(asked: readonly Asked[], until: number, signal: AbortSignal): Promise<void> {
  let next = 0;
  const look = async (): Promise<void> => {
    for (let one = asked[next++]; one !== undefined && performance.now() < until; one = asked[next++]) {
      signal.throwIfAborted();
      one.found = await one.source.picture(one.group, signal);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, look));
}

/** Only pictures that may be equal are read: one place is one picture, and one size of its own is one, too. */
async function contentsOf(
  asked: readonly Asked[],
  until: number,
  signal: AbortSignal,
): Promise<readonly PictureFacts[]> {
  const sources = new Map(asked.flatMap(({ found }) => (found === null ? [] : [[found.id, found]])));
  const sizes = new Map<number | null, number>();
  for (const { size } of sources.values()) sizes.set(size, (sizes.get(size) ?? 0) + 1);
  const mayEqual = ({ size }: PictureSource) => sources.size > 1 && (sizes.has(null) || (sizes.get(size) ?? 0) > 1);
  const contents = new Map<string, string | null>();
  for (const [id, source] of sources) {
    signal.throwIfAborted();
    const isLate = performance.now() >= until;
    contents.set(id, mayEqual(source) ? (isLate ? null : await source.content()) : id);
  }
  return asked.map(({ source, group, found }) => ({
    content: found === null ? null : (contents.get(found.id) ?? null),
    name: source.samples.name(group),
  }));
}
