import { open, realpath } from 'node:fs/promises';
import type { Box } from '../core/geometry/box';
import type { Probe, ProbeKind } from '../core/metric/faithfulness';
import { gradeAnswer } from '../core/metric/rollouts/gradeAnswer';
import { optionsInOrder, readAnswer } from '../core/policy/choices';
import type { PolicyLabel } from '../core/policy/policyRollout';
import { probeView } from '../core/policy/probeViews';
import { normaliseAnswer } from '../core/reward/answerMatch';
import type { JsonValue } from '../core/text/jsonValue';
import { tolerantJsonOrNone } from '../core/text/tolerantJson';
import { UserError } from '../core/text/userError';
import { placeOf, type Rollout } from '../core/trajectory/rollout';
import { isObject, type JsonObject } from '../formats/columns';
import { type AnsweredQuestion, answeredQuestion } from '../formats/policyTraceProbes';
import { TraceFile } from '../policy/traceFile';
import type { GroupDetail } from '../protocol/data';
import type { KeyedPolicy } from '../protocol/policy';
import { groupDetails } from './groupPages';
import { type Output, printable, toJson } from './output';
import type { ProbeCommand } from './policyArguments';
import { chosenPolicies, type PolicyChildren } from './policySession';
import { nameFor } from './propose';
import { type Session, withTrace } from './session';
import { UsageError } from './usage';

/** Rows between two writes. */
const batchRows = 32;
/** Column by which a row that is in the new trace already is known. */
const sourceColumn = 'probe_of';

/** What a row of the trace needs beside its own text. */
interface Row {
  readonly file: string;
  /** File and line. */
  readonly place: string;
  /** Absolute path of its image; null where it is not to be had. */
  readonly image: string | null;
  /** As the new trace names it; null for as the row does. */
  readonly imageName: string | null;
  /** Numbers of the regions that it asked to see; empty for all. */
  readonly zooms: readonly number[];
  readonly groundTruth: JsonValue;
}

/**
 * The faithfulness probe (after "On the Faithfulness of Visual Thinking"): each question of a policy trace once more, with the parts that
 * were looked at or the thought changed. Writes a trace of its own, with the column `probes`; begun again, it goes on where it was.
 * True when nothing was given up.
 */
export async function probeTrace({ client }: PolicyChildren, command: ProbeCommand, out: Output): Promise<boolean> {
  const { policy } = await chosenPolicies(command);
  if (policy.spec.kind !== 'server') throw new UserError('probe: name the task model, a server, with --policy');
  let complete = true;
  await withTrace({ path: command.path, overrides: {}, cacheDir: command.cacheDir }, async (session) => {
    if (session.opened.format !== 'policy-trace')
      throw new UserError(`${command.path}: only a trace of policies says what its questions were asked with`);
    const rows = await rowsOf(session, command.output);
    // Such a trace is one file.
    const [any] = rows.values();
    if (any === undefined) throw new UserError(`${command.path}: holds no rollout`);
    const { traceId } = session.opened;
    const { path } = await session.data.call('trace/locate', { traceId, file: any.file });
    if ((await realpath(command.output).catch(() => command.output)) === (await realpath(path)))
      throw new UsageError('probe: -o names the trace itself, which is never changed');
    const trace = await TraceFile.open(command.output);
    try {
      complete = await new Prober(client, policy, command, trace, out).run(path, rows);
    } finally {
      await trace.close();
    }
  });
  return complete;
}

/** By line, 1-based. */
async function rowsOf(session: Session, output: string): Promise<ReadonlyMap<number, Row>> {
  const { groups } = await session.info();
  const rows = new Map<number, Row>();
  for (let group = 0; group < groups; group++)
    for await (const { detail, rollouts } of groupDetails(session, group)) {
      const image = await imageOf(session, detail);
      const ofFile = image !== null && detail.image.kind === 'resolved' && detail.image.ref.kind === 'file';
      for (const rollout of rollouts)
        rows.set(rollout.line, {
          file: rollout.file,
          place: placeOf(rollout),
          image,
          imageName: ofFile ? nameFor(image, output) : null,
          zooms: zoomsOf(rollout),
          groundTruth: rollout.groundTruth,
        });
    }
  return rows;
}

async function imageOf({ data, opened }: Session, { image }: GroupDetail): Promise<string | null> {
  if (image.kind !== 'resolved') return null;
  return (await data.call('image/file', { traceId: opened.traceId, ref: image.ref })).path;
}

function zoomsOf({ turns }: Rollout): readonly number[] {
  return turns.flatMap(({ actions }) =>
    actions.filter(({ kind }) => kind === 'zoom').flatMap(({ regions }) => regions),
  );
}

class Prober {
  private probed = 0;
  private kept = 0;
  private readonly failed: string[] = [];

  constructor(
    private readonly client: PolicyChildren['client'],
    private readonly policy: KeyedPolicy,
    private readonly command: ProbeCommand,
    private readonly trace: TraceFile,
    private readonly out: Output,
  ) {}

  async run(path: string, rows: ReadonlyMap<number, Row>): Promise<boolean> {
    const before = await this.trace.idsFrom(0, sourceColumn);
    const file = await open(path);
    try {
      let batch: { readonly row: Row; readonly line: JsonObject }[] = [];
      let number = 0;
      let left = this.command.limit;
      for await (const text of file.readLines({ autoClose: false })) {
        const row = rows.get(++number);
        if (row === undefined) continue;
        if (left-- <= 0) break;
        if (before.has(row.place)) this.kept++;
        else batch.push({ row, line: lineIn(text, row) });
        if (batch.length < batchRows) continue;
        await this.write(batch);
        batch = [];
      }
      await this.write(batch);
    } finally {
      await file.close();
    }
    if (!this.command.json)
      await this.out.line(
        `${this.probed} rollouts asked again, in ${this.command.output}${this.kept === 0 ? '' : `; ${this.kept} were there already`}`,
      );
    for (const message of this.failed.slice(0, 20)) process.stderr.write(`${printable(message)}\n`);
    return this.failed.length === 0;
  }

  /** Rows are written once all that they were asked is answered; one that was given up is left to the next run. */
  private async write(batch: readonly { readonly row: Row; readonly line: JsonObject }[]): Promise<void> {
    const results = await Promise.all(
      batch.map(async ({ row, line }) => {
        try {
          return await this.probedRow(row, line);
        } catch (error) {
          if (!UserError.is(error)) throw error;
          this.failed.push(`${row.place}: ${error.message}`);
          return null;
        }
      }),
    );
    const written = results.filter((result) => result !== null);
    await this.trace.appendLines(written.map((result) => JSON.stringify(result)));
    if (this.command.json)
      for (const { probe_of: id, probes } of written)
        if (probes !== undefined) await this.out.line(toJson({ id, probes }));
    if (batch.length > 0 && written.length === 0)
      throw new UserError(`given up, nothing was answered: ${printable(this.failed.at(-1) ?? '')}`);
  }

  private async probedRow(row: Row, line: JsonObject): Promise<{ readonly [key: string]: JsonValue | undefined }> {
    const { probes: _old, probe_policy: _by, ...rest } = line;
    const copied = {
      ...rest,
      ...(row.imageName === null ? {} : { image_path: row.imageName }),
      [sourceColumn]: row.place,
    };
    const question = answeredQuestion(line);
    if (question === null || row.image === null) return copied;
    const { image } = row;
    const regions = this.lookedAt(question, row);
    const asked = await Promise.all(
      this.command.kinds.map((kind) => this.ask(kind, question, regions, image, row.groundTruth)),
    );
    const answered = asked.filter((one) => one !== null);
    const [first] = answered;
    if (first === undefined) return copied;
    this.probed++;
    return {
      ...copied,
      probes: answered.map(({ probe, answer }) => ({ ...probe, answer })),
      probe_policy: { ...first.by },
    };
  }

  /** Those that were cropped: what the answer named, as far as it lies inside. */
  private lookedAt({ regions }: AnsweredQuestion, { zooms }: Row): readonly Box[] {
    const wanted = zooms.length > 0 ? zooms.map((index) => regions[index] ?? null) : regions;
    return wanted.filter((box) => box !== null).slice(0, this.command.maxRegions);
  }

  /** Null where the evidence cannot be changed so. */
  private async ask(
    kind: ProbeKind,
    question: AnsweredQuestion,
    regions: readonly Box[],
    image: string,
    groundTruth: JsonValue,
  ): Promise<{ readonly probe: Probe; readonly answer: string | null; readonly by: PolicyLabel } | null> {
    const { options, order, seed } = question;
    const view = probeView(kind, { ...question, regions });
    if (view === null) return null;
    const { reply, answered } = await this.client.askAgain({
      policy: this.policy,
      image,
      ...view,
      question: question.question,
      options: optionsInOrder(options, order),
      cropShape: this.command.cropShape,
      seed,
    });
    const given = readAnswer(reply.text, options, order);
    const text = given?.text ?? null;
    const chosen = options.length === 0 ? undefined : (given?.option ?? null);
    const right = gradeAnswer({ options, groundTruth }, { text, chosen });
    return { probe: { kind, changed: changed(question, text, chosen ?? null), right }, answer: text, by: answered };
  }
}

/** An option is the same by whatever words; no answer at all is another one. */
function changed({ answer, chosen: before }: AnsweredQuestion, text: string | null, chosen: number | null): boolean {
  if (before !== null || chosen !== null) return before !== chosen;
  return text === null || normaliseAnswer(text) !== normaliseAnswer(answer);
}

function lineIn(text: string, { place }: Row): JsonObject {
  const line = tolerantJsonOrNone(text);
  if (!isObject(line)) throw new UserError(`${place}: the line cannot be read; a packed trace is unpacked first`);
  return line;
}
