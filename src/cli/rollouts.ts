import { UserError } from '../core/text/userError';
import { placeOf, type Rollout } from '../core/trajectory/rollout';
import type { GroupSummary } from '../protocol/data';
import type { TraceQuery, TraceView } from '../protocol/query';
import type { RolloutsCommand } from './arguments';
import type { BoxContext } from './boxContext';
import { contextOf, groupDetails } from './groupPages';
import { type Output, printable, toJson } from './output';
import { clickPoint, rolloutDocument } from './rolloutDocument';
import type { Session } from './session';
import { regionBox, stepText, zoomsOf } from './zooms';

const groupsPerCall = 256;

/** Prints rollouts group by group: every member of a group, or those that the query finds, in its order. */
export async function printRollouts(session: Session, command: RolloutsCommand, out: Output): Promise<void> {
  const { query, limit, json } = command;
  const filtered = query.chips.length > 0 || query.where !== '' || query.sort !== null;
  const some = !filtered && command.group === null && Number.isFinite(limit);
  const groups = some ? await session.scanned(limit) : (await session.info()).groups;
  const wanted = command.group === null ? null : await findGroup(session, groups, command.group);
  const found = filtered ? await ask(session, query) : null;
  const listed = wanted !== null ? [wanted] : (found?.groups ?? Array.from({ length: groups }, (_, group) => group));
  let left = limit;
  for (const group of listed) {
    if (left <= 0) break;
    left -= await printGroup(session, { group, view: found?.view ?? null, limit: left, json, tool: command.tool }, out);
  }
}

function ask({ data, opened }: Session, query: TraceQuery): Promise<TraceView> {
  return data.call('trace/query', { traceId: opened.traceId, query }, { deadline: Number.POSITIVE_INFINITY });
}

/** By key, or else by number from 1. Throws `UserError` when no group answers to it. */
async function findGroup(session: Session, groups: number, name: string): Promise<number> {
  const { data, opened } = session;
  for (let start = 0; start < groups; start += groupsPerCall) {
    const page = await data.call('trace/groups', { traceId: opened.traceId, start, count: groupsPerCall });
    const found = page.find(({ key }) => key === name);
    if (found !== undefined) return found.group;
  }
  const number = /^\d+$/.test(name) ? Number(name) : 0;
  if (number >= 1 && number <= groups) return number - 1;
  throw new UserError(`there is no group ${name}: neither a key nor a number from 1 to ${groups}`);
}

interface GroupPart {
  readonly group: number;
  /** Of which only the rollouts are printed; null for all. */
  readonly view: number | null;
  readonly limit: number;
  readonly json: boolean;
  readonly tool: RolloutsCommand['tool'];
}

/** Returns how many rollouts it printed. */
async function printGroup(
  session: Session,
  { group, view, limit, json, tool }: GroupPart,
  out: Output,
): Promise<number> {
  const reasons = new Set<string>();
  let printed = 0;
  for await (const { detail, rollouts } of groupDetails(session, group, view)) {
    const context = await contextOf(session, detail, tool);
    if (printed === 0 && !json) await out.line(groupLine(detail.summary, context));
    for (const rollout of rollouts.slice(0, limit - printed)) {
      const { key, attempt } = detail.summary;
      const name = { number: group + 1, key, ...(attempt === undefined ? {} : { attempt }) };
      if (json) await out.line(toJson(rolloutDocument(rollout, name, context)));
      else for (const line of rolloutLines(rollout, context, reasons)) await out.line(line);
      printed++;
    }
    if (printed >= limit) break;
  }
  return printed;
}

function groupLine(
  { group, step, size, meanReward, title }: GroupSummary,
  { image, size: pixels }: BoxContext,
): string {
  const parts = [
    `Group ${group + 1}`,
    step === null ? null : `step ${step}`,
    counted(size, 'rollout'),
    Number.isNaN(meanReward) ? null : `mean reward ${meanReward.toFixed(3)}`,
    typeof pixels === 'string' ? `image ${image.kind}` : `image ${pixels.width}×${pixels.height}`,
  ].filter((part) => part !== null);
  return `${parts.join(', ')}: ${oneLine(title, 80)}`;
}

/** `reasons`: why boxes of this group could not be mapped, as far as printed; each is said once. */
function rolloutLines(rollout: Rollout, context: BoxContext, reasons: Set<string>): readonly string[] {
  const place = printable(placeOf(rollout));
  if (rollout.kind === 'sample')
    return [`  ${place}  sample, ${counted(rollout.truthBoxes.length, 'target box', 'es')}`];
  const reward = rollout.reward === null ? '–' : String(rollout.reward);
  const lines = [
    `  ${place}  reward ${reward}  ${rollout.badge}  ${counted(rollout.turns.length, 'turn')}, ${counted(rollout.regions.length, 'region')}`,
  ];
  const zooms = zoomsOf(rollout, context);
  for (const region of rollout.regions) {
    const { box, boxReason } = regionBox(region, rollout, context, zooms);
    const where = box === null ? `${corners(region.box)} as written` : corners(box);
    if (boxReason !== undefined && !reasons.has(boxReason))
      lines.push(`    not in original pixels: ${printable(boxReason)}`);
    reasons.add(boxReason ?? '');
    const mended = region.repairs.length === 0 ? '' : `  mended: ${region.repairs.map(({ kind }) => kind).join(', ')}`;
    const became = printable(stepText(zooms?.steps.get(region.index), corners));
    lines.push(`    ${region.index + 1}  ${where}  ${oneLine(region.label ?? '', 40)}${mended}${became}`.trimEnd());
  }
  if (rollout.loggedClicks === undefined)
    for (const click of rollout.clicks) {
      const { point, pointReason } = clickPoint(click, rollout, context);
      if (pointReason !== undefined && !reasons.has(pointReason))
        lines.push(`    not in original pixels: ${printable(pointReason)}`);
      reasons.add(pointReason ?? '');
      const where = point === null ? `${coordinates(click)} as written` : coordinates(point);
      lines.push(clickLine(where, click.positive, click.index, rollout));
    }
  for (const [i, click] of (rollout.loggedClicks ?? []).entries())
    lines.push(clickLine(coordinates(click), click.positive, i, rollout));
  return lines;
}

/** A click with the IoU of the mask after it. */
function clickLine(where: string, positive: boolean | null, index: number, { masks = [] }: Rollout): string {
  const sign = positive === null ? '' : positive ? '  positive' : '  negative';
  const iou = masks.find(({ click }) => click === index)?.iou ?? null;
  return `    click ${index + 1}  ${where}${sign}${iou === null ? '' : `  IoU ${iou.toFixed(3)} after it`}`;
}

const tenths = (value: number) => Math.round(value * 10) / 10;

const coordinates = ({ x, y }: { x: number; y: number }) => `(${tenths(x)}, ${tenths(y)})`;

const counted = (count: number, noun: string, plural = 's') => `${count} ${noun}${count === 1 ? '' : plural}`;

const corners = ({ x1, y1, x2, y2 }: { x1: number; y1: number; x2: number; y2: number }) =>
  `[${[x1, y1, x2, y2].map(tenths).join(', ')}]`;

function oneLine(text: string, length: number): string {
  const line = printable(text).replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
