import { mkdir } from 'node:fs/promises';
import type { AnnotationRecord, RolloutNotes } from '../core/annotation/annotation';
import { idOf } from '../core/annotation/annotation';
import type { Box } from '../core/geometry/box';
import { placeBoxes } from '../core/reward/scoring/placeBoxes';
import { UserError } from '../core/text/userError';
import type { Rollout } from '../core/trajectory/rollout';
import { toolRulesOf } from '../core/trajectory/tools/chooseRules';
import type { GroupDetail } from '../protocol/data';
import { NOTES_SLICE, type SidecarStamp } from '../protocol/notes';
import type { JudgeAnswer, KeyedPolicy } from '../protocol/policy';
import { contextOf, groupDetails } from './groupPages';
import { type Output, printable, toJson } from './output';
import type { JudgeCommand } from './policyArguments';
import { chosenPolicies, type PolicyChildren } from './policySession';
import { type Session, withTrace } from './session';

/** Rollouts between two saves of a sidecar. */
const saveEvery = 32;
const mostRegions = 3;

/**
 * Labels of a model for the steps of a trace's rollouts, as annotations in a folder of their own, apart from people's. Rollouts that
 * it judged before are passed over, so that a judge that was stopped goes on. True when nothing was given up.
 */
export async function judgeTrace({ client }: PolicyChildren, command: JudgeCommand, out: Output): Promise<boolean> {
  const { policy } = await chosenPolicies(command);
  if (policy.spec.kind !== 'server') throw new UserError('judge: name a server with --policy');
  const failed: string[] = [];
  await mkdir(command.annotations, { recursive: true });
  await withTrace({ path: command.path, overrides: {}, cacheDir: command.cacheDir }, async (session) => {
    // Once the trace is scanned, its files are known, and with them their sidecars.
    const { groups } = await session.info();
    const notes = await JudgeNotes.open(session, command.annotations);
    let left = command.limit;
    for (let group = 0; group < groups && left > 0; group++) {
      for await (const page of groupDetails(session, group)) {
        const rollouts = page.rollouts
          .filter(({ kind, turns }) => kind === 'rollout' && turns.length > 0)
          .slice(0, left);
        left -= rollouts.length;
        const places = await notes.placesOf(rollouts);
        await Promise.all(
          rollouts.map(async (rollout, i) => {
            const place = places[i];
            if (place === undefined || notes.has(place)) return;
            try {
              const answer = await client.judge(await requestFor(session, page.detail, rollout, policy));
              notes.add(place, answer, rollout);
              if (command.json) await out.line(toJson(documentOf(rollout, answer)));
              if (answer.verdicts.length === 0)
                failed.push(`${rollout.file}:${rollout.line}: the answer holds no verdict`);
            } catch (error) {
              if (!UserError.is(error)) throw error;
              failed.push(error.message);
            }
          }),
        );
      }
      await notes.saveWhenDue();
    }
    await notes.save();
    if (!command.json) await out.line(`${notes.added} rollouts judged, in ${command.annotations}`);
  });
  for (const message of failed.slice(0, 20)) process.stderr.write(`${printable(message)}\n`);
  return failed.length === 0;
}

async function requestFor(session: Session, detail: GroupDetail, rollout: Rollout, policy: KeyedPolicy) {
  const { image } = detail;
  const path =
    image.kind === 'resolved'
      ? (await session.data.call('image/file', { traceId: session.opened.traceId, ref: image.ref })).path
      : null;
  const context = await contextOf(session, detail);
  const rulesOf = (one: Rollout) => toolRulesOf(one, context.format, context.tool, context.configTool).rules;
  const placed = placeBoxes(rollout, { frames: detail.frames, image: context.size, rulesOf });
  const regions = typeof placed === 'string' ? [] : placed.regions.filter((box): box is Box => box !== null);
  return {
    policy,
    image: path,
    regions: regions.slice(0, mostRegions),
    question: rollout.prompt,
    steps: rollout.turns.map(({ span, role }) => {
      const text = rollout.response.slice(span.start, span.end);
      return role === 'assistant' ? text : `(came back) ${text}`;
    }),
    outcome: rollout.taskAnswer ?? null,
    seed: 0,
  };
}

function documentOf({ file, line }: Rollout, { verdicts, judge }: JudgeAnswer): object {
  return { id: `${file}:${line}`, judge: judge.name, model: judge.model, verdicts };
}

type Place = Awaited<ReturnType<JudgeNotes['placesOf']>>[number];

/** The sidecars of a judge, one for each log. */
class JudgeNotes {
  added = 0;
  private unsaved = 0;
  private readonly records = new Map<string, Map<string, AnnotationRecord>>();
  private readonly stamps = new Map<string, SidecarStamp | null>();

  private constructor(
    private readonly session: Session,
    private readonly place: string,
  ) {}

  static async open(session: Session, place: string): Promise<JudgeNotes> {
    const notes = new JudgeNotes(session, place);
    const { data, opened } = session;
    const sidecars = await data.call('notes/open', { traceId: opened.traceId, places: [place] });
    // Those beside their logs are people's.
    for (const { file, stamp, records, place: where } of sidecars.filter((one) => one.place === place)) {
      const known = new Map<string, AnnotationRecord>();
      for (let start = 0; start < records; start += NOTES_SLICE)
        for (const record of JSON.parse(
          await data.call('notes/slice', { traceId: opened.traceId, file, start }),
        ) as readonly AnnotationRecord[])
          known.set(idOf(record), record);
      notes.records.set(file, known);
      notes.stamps.set(file, where === null ? null : stamp);
    }
    return notes;
  }

  placesOf(rollouts: readonly Rollout[]) {
    const { data, opened } = this.session;
    return data.call('notes/keys', { traceId: opened.traceId, rows: rollouts.map(({ row }) => row) });
  }

  has({ file, key }: Place): boolean {
    return this.records.get(file)?.has(idOf({ kind: 'rollout', key })) === true;
  }

  add({ file, key, hints }: Place, { verdicts, judge }: JudgeAnswer, { turns }: Rollout): void {
    const own = verdicts.filter(({ turn }) => turns[turn]?.role === 'assistant');
    if (own.length === 0) return;
    const stamp = { author: judge.model ?? judge.name, time: new Date().toISOString() };
    const notes: RolloutNotes = {
      labels: Object.fromEntries(own.map(({ turn, label }) => [turn, { ...stamp, value: label }])),
      stepRationales: Object.fromEntries(
        own.flatMap(({ turn, reason }) => (reason === null ? [] : [[turn, { ...stamp, value: reason }]])),
      ),
    };
    const records = this.records.get(file) ?? new Map<string, AnnotationRecord>();
    const record: AnnotationRecord = { kind: 'rollout', key, hints, notes };
    this.records.set(file, records.set(idOf(record), record));
    this.added++;
    this.unsaved++;
  }

  async saveWhenDue(): Promise<void> {
    if (this.unsaved >= saveEvery) await this.save();
  }

  async save(): Promise<void> {
    if (this.unsaved === 0) return;
    const { data, opened } = this.session;
    for (const [file, records] of this.records) {
      const stamp = this.stamps.get(file) ?? null;
      const { traceId } = opened;
      const saved = await data.call('notes/save', {
        traceId,
        file,
        place: this.place,
        stamp,
        records: [...records.values()],
      });
      if (saved.kind === 'changed')
        throw new UserError(`${this.place}: somebody else wrote the annotations of ${file} meanwhile`);
      if (saved.kind === 'unwritable') throw new UserError(`${saved.path}: cannot be written (${saved.reason})`);
      this.stamps.set(file, saved.stamp);
    }
    this.unsaved = 0;
  }
}
