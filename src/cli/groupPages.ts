import type { Rollout } from '../core/trajectory/rollout';
import { GROUP_PAGE, type GroupDetail, type ImageState } from '../protocol/data';
import type { BoxContext } from './boxContext';
import type { Session } from './session';

/** A group page by page, every member's texts whole; of a view its rollouts only, in its order. */
export async function* groupDetails(
  session: Session,
  group: number,
  view: number | null = null,
): AsyncGenerator<{ readonly detail: GroupDetail; readonly rollouts: readonly Rollout[] }> {
  const { data, opened } = session;
  const { traceId } = opened;
  let last: number | null = null;
  for (;;) {
    const detail: GroupDetail = await data.call(
      'trace/group',
      { traceId, group, ...(last === null ? {} : { after: last }), ...(view === null ? {} : { view }) },
      { deadline: Number.POSITIVE_INFINITY },
    );
    const cut = new Set(detail.truncated.map(({ row }) => row));
    const whole = async (rollout: Rollout) =>
      cut.has(rollout.row) ? data.call('trace/rollout', { traceId, row: rollout.row }) : rollout;
    yield { detail, rollouts: await Promise.all(detail.rollouts.map(whole)) };
    last = detail.rollouts.at(-1)?.row ?? null;
    if (last === null || detail.rollouts.length < GROUP_PAGE) return;
  }
}

/** What places a group's boxes on its image. */
export async function contextOf(
  session: Session,
  { frames, image, tool: configured }: GroupDetail,
  tool: BoxContext['tool'] = null,
): Promise<BoxContext> {
  const size = image.kind === 'resolved' ? await session.imageSize(image.ref) : imageText(image);
  return { frames, format: session.opened.format, tool, configTool: configured ?? null, image, size };
}

function imageText(image: ImageState): string {
  if (image.kind === 'resolved') return image.how;
  return image.kind === 'ambiguous'
    ? `The image is ambiguous: ${image.reason}`
    : `The image is missing: ${image.reason}`;
}
