import { faithfulnessReport, type ProbedRollout } from '../../core/metric/faithfulness';
import { type JudgedRollout, judgeReports } from '../../core/metric/judges';
import type { EvaluatedRollout, TrueBox } from '../../core/metric/rollouts/evaluatedRollout';
import { evaluateRollout } from '../../core/metric/rollouts/evaluateRollout';
import { type PolicyReport, policyReports, seenShare } from '../../core/metric/rollouts/policyReport';
import { normaliseLabel } from '../../core/reward/apAr';
import { placeBoxes } from '../../core/reward/scoring/placeBoxes';
import { placeOf, type Rollout } from '../../core/trajectory/rollout';
import { toolRulesOf } from '../../core/trajectory/tools/chooseRules';
import { type EvalTruth, readEvalTruth } from '../../formats/evaluation/evalTruth';
import type { GroupDetail } from '../../protocol/data';
import { contextOf, groupDetails } from '../groupPages';
import { type Output, printableLine, toJson } from '../output';
import { type Session, withTrace } from '../session';
import { optionsOf, settingsOf } from './cocoEval';
import { diskFile } from './diskFile';
import type { EvalCommand } from './evalArguments';
import { diagnosisLines, numberLines, settingLines, shown } from './evalTables';
import { JudgeNotes } from './judgeNotes';
import { probesIn, scoredRollouts, verifierLines } from './verifierLines';

/** The rollouts of a trace against its own ground truth, or that of a document of COCO's layout: a report for each policy. */
export async function printTraceEval(command: EvalCommand, out: Output): Promise<void> {
  const truth =
    command.truth === null ? null : await readEvalTruth(diskFile(command.truth), { masks: false, lvis: command.lvis });
  await withTrace(command, async (session) => {
    const { rollouts, judged, probed, unmatched } = await evaluatedRollouts(session, truth, command.judges);
    const options = { ...optionsOf(command), found: command.found, near: command.near };
    const reports = policyReports(rollouts, options);
    const notes = unmatched === 0 ? [] : [`${unmatched} rollouts are of images that the ground truth does not hold.`];
    const asked = faithfulnessReport(probed);
    const faithfulness = asked === null ? null : { ...asked, byRollout: scoredRollouts(probed) };
    const verified = { judges: judgeReports(judged), faithfulness };
    if (command.json) await out.line(toJson({ ...documentOf(command, reports, notes), ...verified }, 2));
    else
      for (const line of [...linesOf(command, reports, notes), ...verifierLines(verified)])
        await out.line(printableLine(line));
  });
}

interface Evaluated {
  readonly rollouts: readonly EvaluatedRollout[];
  readonly judged: readonly JudgedRollout[];
  readonly probed: readonly (ProbedRollout & { readonly id: string })[];
  /** Rollouts of images that the ground truth does not hold. */
  readonly unmatched: number;
}

async function evaluatedRollouts(
  session: Session,
  truth: EvalTruth | null,
  folders: readonly string[],
): Promise<Evaluated> {
  const { groups } = await session.info();
  const names = truth === null ? null : new TruthByName(truth);
  const rollouts: EvaluatedRollout[] = [];
  const judged: JudgedRollout[] = [];
  const probed: (ProbedRollout & { readonly id: string })[] = [];
  const notes = await JudgeNotes.open(session, folders);
  let unmatched = 0;
  for (let group = 0; group < groups; group++) {
    for await (const page of groupDetails(session, group)) {
      const context = await contextOf(session, page.detail);
      const rulesOf = (rollout: Rollout) =>
        toolRulesOf(rollout, context.format, context.tool, context.configTool).rules;
      const responses = page.rollouts.filter(({ kind }) => kind === 'rollout');
      const said = await notes.of(responses);
      for (const [i, rollout] of responses.entries()) {
        const placed = placeBoxes(rollout, { frames: page.detail.frames, image: context.size, rulesOf });
        const own = names === null ? null : names.of(rollout, resolvedPath(page.detail));
        if (names !== null && own === null) unmatched++;
        const policy = session.opened.formatTitle;
        const evaluated = evaluateRollout(rollout, { placed, truth: own, policy });
        rollouts.push(evaluated);
        probed.push({ id: placeOf(rollout), right: evaluated.right, probes: probesIn(rollout) });
        const worth = rollout.reward ?? (evaluated.right === null ? null : Number(evaluated.right));
        judged.push({ group, people: new Map(), judges: new Map(), ...said[i], worth });
      }
    }
  }
  return { rollouts, judged, probed, unmatched };
}

/** Boxes of a document by the name of their image. */
class TruthByName {
  private readonly images = new Map<string, number | null>();
  private readonly rows: readonly number[][];

  constructor(private readonly truth: EvalTruth) {
    const { images, table } = truth;
    for (const [i, { file }] of images.entries())
      for (const name of new Set([file, baseOf(file)])) {
        // Two images of one name in different folders are told apart by the whole path alone.
        if (name !== '') this.images.set(name, this.images.has(name) ? null : i);
      }
    this.rows = images.map(() => []);
    for (let row = 0; row < table.length; row++) this.rows[table.image[row] ?? 0]?.push(row);
  }

  /** Of the object that was asked for, where the rollout says which; null for an image that is not there. */
  of({ imageName, fields }: Rollout, resolved: string | null): readonly TrueBox[] | null {
    const names = [imageName, resolved].flatMap((name) =>
      name === null ? [] : [name.replaceAll('\\', '/'), baseOf(name)],
    );
    const image = names.map((name) => this.images.get(name)).find((found) => found != null);
    if (image == null) return null;
    const asked = fields.find(({ name }) => name === 'object')?.value;
    const boxes = (this.rows[image] ?? []).map((row) => this.box(row));
    const wanted = typeof asked === 'string' ? normaliseLabel(asked) : null;
    return wanted === null ? boxes : boxes.filter(({ category }) => category === wanted);
  }

  private box(row: number): TrueBox {
    const { table, categories } = this.truth;
    const [x = 0, y = 0, width = 0, height = 0] = table.boxes.subarray(row * 4, row * 4 + 4);
    return {
      box: { x1: x, y1: y, x2: x + width, y2: y + height },
      category: normaliseLabel(categories[table.category[row] ?? 0]?.name ?? null),
      area: table.areas[row] ?? 0,
      crowd: table.ignore[row] === 1,
    };
  }
}

/** File that the image was found as; null for one that lies in a table. */
function resolvedPath({ image }: GroupDetail): string | null {
  return image.kind === 'resolved' && image.ref.kind === 'file' ? image.ref.path : null;
}

const baseOf = (path: string): string => path.replaceAll('\\', '/').split('/').at(-1) ?? path;

function documentOf(command: EvalCommand, reports: readonly PolicyReport[], notes: readonly string[]): object {
  return {
    groundTruth: command.truth,
    trace: command.path,
    ...settingsOf(command),
    policies: reports.map(({ boxes, answers, ...report }) => ({
      ...report,
      boxes:
        boxes === null
          ? null
          : {
              rollouts: boxes.rollouts,
              orderDependent: !boxes.scored,
              regionsOnly: boxes.regionsOnly,
              unnamed: boxes.unnamed,
              metrics: Object.fromEntries(boxes.numbers.map(({ name, value }) => [name, value])),
              diagnosis: { iou: command.found, near: command.near, ...boxes.diagnosis },
            },
      answers: answers === null ? null : { ...answers, accuracy: answers.right / answers.rollouts },
    })),
    notes,
  };
}

function linesOf(command: EvalCommand, reports: readonly PolicyReport[], notes: readonly string[]): readonly string[] {
  return [...settingLines(command), ...reports.flatMap((report) => ['', ...policyLines(report, command)]), ...notes];
}

function policyLines(report: PolicyReport, { found, near }: EvalCommand): readonly string[] {
  const { policy, zoomed, rollouts, malformed, boxes, seen, answers, masks, calls, seconds } = report;
  const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
  const head = `${policy}${zoomed ? '' : ', without zoom'}: ${rollouts} rollouts, ${malformed} malformed`;
  return [
    head,
    ...(boxes === null ? [] : boxLines(boxes, found, near)),
    ...(seen === null || seen.targets === 0
      ? []
      : [
          `  seen: ${seen.seen} of ${seen.targets} objects lie in a region by ${seenShare * 100} % (${share(seen.seen, seen.targets)})`,
        ]),
    ...(answers === null
      ? []
      : [`  answers: ${answers.right} of ${answers.rollouts} right (${share(answers.right, answers.rollouts)})`]),
    ...(masks === null
      ? []
      : [
          `  masks: cIoU ${shown(masks.cIou)}, gIoU ${shown(masks.gIou)} of ${masks.rollouts}`,
          ...masks.noc.map(
            ({ target, mean, failures }) =>
              `  NoC@${target * 100} ${mean.toFixed(2)} of at most ${masks.cap} clicks, ${failures} never`,
          ),
        ]),
    ...(calls === null ? [] : [`  calls a rollout: ${calls.toFixed(1)}`]),
    ...(seconds === null
      ? []
      : [
          `  seconds a rollout: ${seconds.mean.toFixed(2)} on average, ${seconds.median.toFixed(2)} in the middle, 90 % within ${seconds.p90.toFixed(2)}`,
        ]),
  ];
}

function boxLines(boxes: NonNullable<PolicyReport['boxes']>, found: number, near: number): readonly string[] {
  const { numbers, diagnosis, scored, regionsOnly, unnamed } = boxes;
  return [
    ...numberLines(numbers).map((line) => `  ${line}`),
    ...diagnosisLines(diagnosis, found, near).map((line) => `  ${line}`),
    ...(scored
      ? []
      : ['  Order-dependent: boxes have no scores, so that the order of answers decides which come first.']),
    ...(regionsOnly === 0
      ? []
      : [`  Of ${regionsOnly} rollouts the boxes are the regions themselves: no task model answered.`]),
    ...(unnamed === 0
      ? []
      : [`  ${unnamed} boxes are left out: their label is no category of the ground truth (--agnostic counts them).`]),
  ];
}
