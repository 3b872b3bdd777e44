import { readFile } from 'node:fs/promises';
import { type AnnotationRecord, type GroupNotes, idOf, type RolloutNotes } from '../../core/annotation/annotation';
import { effectiveGroup } from '../../core/annotation/effective';
import type { Size } from '../../core/geometry/box';
import { editedBoxes, placeEdited } from '../../core/reward/scoring/editedBoxes';
import { placeBoxes } from '../../core/reward/scoring/placeBoxes';
import { trainerRule } from '../../core/reward/trainerAdvantage';
import { UserError } from '../../core/text/userError';
import type { Rollout } from '../../core/trajectory/rollout';
import { toolRulesOf } from '../../core/trajectory/tools/chooseRules';
import type { ToolRulesId } from '../../core/trajectory/tools/toolRules';
import { type GroupPage, groupPage, type PageRollout } from '../../formats/export/groupPage';
import { ChannelError } from '../../protocol/channel';
import type { GroupDetail } from '../../protocol/data';
import type { GroupAnnotations } from '../../protocol/notes';
import { trainerOf } from '../../protocol/trainerOf';
import type { DocumentNotes } from '../annotations/documentNotes';
import type { Children } from '../children';
import type { TraceSession } from '../traces/traceSession';

/** Longer side of the picture: sharp on any screen, and a page that can still be mailed. */
const pictureSide = 1600;

/** Rollouts of a group as one page, with what people said of them. `members` are 0-based; those of its first page. */
export async function htmlOf(
  session: TraceSession,
  notes: DocumentNotes,
  children: Children,
  { group, members }: { readonly group: number; readonly members: readonly number[] },
  signal: AbortSignal,
): Promise<string> {
  const detail = await session.group(group, signal);
  const said = await notes.group(group, signal);
  const cut = new Set(detail.truncated.map(({ row }) => row));
  const rollouts = await Promise.all(
    detail.rollouts.map((rollout) =>
      cut.has(rollout.row) ? session.link.ask('trace/rollout', { row: rollout.row }, { signal }) : rollout,
    ),
  );
  const image = await imageOf(session, children, detail, signal);
  const info = await session.link.ask('trace/info', { wait: false }, { signal });
  const { summary } = detail;
  const page: GroupPage = {
    title: `${session.name}, group ${group + 1}`,
    facts: [
      ['Trace', session.name],
      ['Format', info.formatTitle],
      ...(summary.step === null ? [] : [['Step', String(summary.step)] as const]),
      ['Rollouts', `${members.length} of ${summary.size}`],
    ],
    image,
    rollouts: membersOf(rollouts, said, detail, {
      image: typeof image === 'string' ? image : image.size,
      format: info.format,
      tool: session.state.tool ?? null,
    }).filter(({ number }) => members.includes(number - 1)),
  };
  return groupPage(page);
}

interface PagePlacing {
  readonly image: Size | string;
  readonly format: string;
  /** Rules that the user chose for calls. */
  readonly tool: ToolRulesId | null;
}

function membersOf(
  rollouts: readonly Rollout[],
  said: GroupAnnotations,
  { frames, summary, tool: configured }: GroupDetail,
  { image, format, tool }: PagePlacing,
): readonly PageRollout[] {
  const records = new Map(said.records.map((record) => [idOf(record), record]));
  const noted = said.members.map(({ key }) => rolloutNotes(records.get(idOf({ kind: 'rollout', key }))));
  const group = groupNotes(records.get(idOf({ kind: 'group', key: said.key })));
  const logged = said.members.map(({ reward }) => ({ total: reward }));
  const effective = effectiveGroup(logged, noted, group, [], trainerRule(trainerOf(format)));
  const rulesOf = (rollout: Rollout) => toolRulesOf(rollout, format, tool, configured ?? null).rules;
  return rollouts.map((rollout, i): PageRollout => {
    const own = noted[i] ?? {};
    const placed = placeBoxes(rollout, { frames, image, rulesOf });
    const boxes = typeof placed === 'string' ? placed : placeEdited(placed, editedBoxes(own, group));
    const one = effective[i];
    return {
      rollout,
      number: i + 1,
      total: one?.total ?? null,
      advantage: summary.uncertain ? null : (one?.advantage ?? null),
      excluded: one?.excluded ?? false,
      regions: typeof boxes === 'string' ? boxes : boxes.regions,
      truth: typeof boxes === 'string' ? [] : boxes.truth,
      notes: wordsOf(own),
    };
  });
}

function wordsOf({ tags, rationale, labels = {} }: RolloutNotes): readonly string[] {
  const steps = Object.entries(labels).map(
    ([turn, { value }]) => `turn ${Number(turn) + 1}: ${value > 0 ? `+${value}` : value}`,
  );
  return [
    ...(tags === undefined || tags.value.length === 0 ? [] : [`Tags: ${tags.value.join(', ')}`]),
    ...(steps.length === 0 ? [] : [`Labels: ${steps.join(', ')}`]),
    ...(rationale === undefined ? [] : [`${rationale.author}: ${rationale.value}`]),
  ];
}

const rolloutNotes = (record: AnnotationRecord | undefined): RolloutNotes =>
  record?.kind === 'rollout' ? record.notes : {};
const groupNotes = (record: AnnotationRecord | undefined): GroupNotes => (record?.kind === 'group' ? record.notes : {});

/** A preview of the group's image inside the page. */
async function imageOf(
  session: TraceSession,
  { media }: Children,
  { image }: GroupDetail,
  signal: AbortSignal,
): Promise<GroupPage['image']> {
  if (image.kind !== 'resolved') return image.reason;
  try {
    const { path } = await session.link.ask('image/file', { ref: image.ref }, { signal });
    const { stored } = await media.probe(path, signal);
    const preview = await media.preview(path, pictureSide, signal);
    const bytes = await readFile(preview.path);
    return { href: `data:image/webp;base64,${bytes.toString('base64')}`, size: stored };
  } catch (error) {
    if (UserError.is(error) || (ChannelError.is(error) && error.code !== 'cancelled')) return error.message;
    throw error;
  }
}
