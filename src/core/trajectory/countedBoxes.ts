import type { ParsedResponse, Region, Section } from './rollout';

/** Which boxes of a response a reward counts. */
export interface CountedBoxes {
  /** Of several `<answer>`, the one that counts: VLM-R1 takes the first, DeepEyes the last. */
  readonly answer: 'first' | 'last';
  /** ACTIVE-O3's tolerant reader counts boxes of the thought too; most rewards count the answer only. */
  readonly sections: readonly Section[];
}

/**
 * The regions that count, in the order of the text. An answer that cannot be read is an answer without boxes: it is not
 * passed over for another. Where there is no `<answer>`, boxes outside of tags are of section `text`.
 */
export function boxesFor(
  { turns, regions }: Pick<ParsedResponse, 'turns' | 'regions'>,
  { answer, sections }: CountedBoxes,
): readonly Region[] {
  const starts = turns.flatMap(({ actions }) => actions.filter((a) => a.section === 'answer').map((a) => a.span));
  const counted = answer === 'first' ? starts[0] : starts.at(-1);
  const isCounted = ({ span }: Region): boolean =>
    counted !== undefined && span.start >= counted.start && span.start < counted.end;
  return regions.filter(
    (region) => sections.includes(region.section) && (region.section !== 'answer' || isCounted(region)),
  );
}
