import { UserError } from '../text/userError';
import type { Region, Rollout, Turn } from '../trajectory/rollout';
import { callingTurn, type Reply, repliesTo } from '../trajectory/tools/calls';
import type { CallFrames, CroppedView, ToolCall, ToolRules } from '../trajectory/tools/toolRules';
import { type Box, orderCorners, type Size } from './box';
import type { FrameChoice } from './frame';
import { findFrame } from './frameChoice';
import { fromView, type ZoomView } from './zoomView';

/** What became of a call's box. Reasons are whole sentences. */
export type ZoomStatus =
  | { readonly kind: 'executed' }
  /** The tool ran and would not crop; an error in the log says so, or the tool's own checks do. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The tool never ran the call. */
  | { readonly kind: 'notRun'; readonly reason: string }
  /** Where the box lies cannot be told, for want of a frame or of the picture it counts in. */
  | { readonly kind: 'unplaced'; readonly reason: string };

/** One box of one call. */
export interface ZoomStep {
  /** 0-based turn. */
  readonly turn: number;
  /** Index into the turn's actions. */
  readonly action: number;
  /** Index into the rollout's regions. */
  readonly region: number;
  /** Index of the view the call looks at; it may lie beyond `views`, then the step is not executed. */
  readonly view: number;
  /** The same numbers in the units in which the policy counts, in stored pixels of the original, corners ordered, not clamped. */
  readonly meant: Box | null;
  /** The pixels the tool really cut, in stored pixels of the original; null unless executed. */
  readonly executed: Box | null;
  readonly status: ZoomStatus;
  /** Index of the view that came back: the crop, or the whole picture from a tool that gives that back; null without one. */
  readonly result: number | null;
}

/** What a rollout looked at, in order. `views[0]` is the image. */
export interface ZoomChain {
  readonly views: readonly ZoomView[];
  readonly steps: readonly ZoomStep[];
}

/** What of a rollout its zoom chain is made of. */
export type ZoomRollout = Pick<
  Rollout,
  'turns' | 'regions' | 'response' | 'dataSource' | 'loggedImageSize' | 'inputSize'
>;

const lostPicture = 'A picture came back that is no crop; where later ones lie cannot be told.';

/**
 * Replays the zooms of a rollout by a tool's own rules. Boxes of crops are composed through the crops, so that every box
 * stands in stored pixels of the original image.
 * @param image stored size of the original image.
 * @param frames those in force; what they say of `tool` and `prediction` is used.
 */
export function zoomChain(
  rollout: ZoomRollout,
  image: Size,
  frames: readonly FrameChoice[],
  rules: ToolRules,
): ZoomChain {
  const inForce = {
    tool: findFrame(frames, rollout.dataSource, 'tool').spec,
    prediction: findFrame(frames, rollout.dataSource, 'prediction').spec,
  };
  const replay = new Replay(rollout, image, inForce, rules);
  for (const turn of rollout.turns) if (turn.role === 'assistant') replay.turn(turn);
  return { views: replay.views, steps: replay.steps };
}

class Replay {
  readonly views: ZoomView[] = [];
  readonly steps: ZoomStep[] = [];
  private crops = 0;
  /** Why no box can be placed. */
  private trouble: string | null = null;
  /** Why no box of a picture that came back can be placed. */
  private lost: string | null = null;

  constructor(
    private readonly rollout: ZoomRollout,
    private readonly image: Size,
    private readonly frames: CallFrames,
    private readonly rules: ToolRules,
  ) {
    const { width, height } = image;
    let held = image;
    try {
      held = rules.held(image, frames, rollout);
    } catch (error) {
      if (!UserError.is(error)) throw error;
      this.trouble = error.message;
    }
    this.views.push({ index: 0, turn: null, box: { x1: 0, y1: 0, x2: width, y2: height }, held });
  }

  turn(turn: Turn): void {
    const calling = callingTurn(turn, this.rollout);
    if (calling.calls.length === 0) return;
    const { replies, followed } = repliesTo(turn, this.rollout.turns, this.rollout.response);
    const whyNot = [...this.rules.runs(calling)];
    // A reply to each call says that each was run, whatever the usual settings of the tool are.
    if (replies.length > 1 && replies.length === calling.calls.length) whyNot.fill(null);
    // A log of one turn that also answers may have left out what came back.
    const whole = calling.answered && this.rollout.turns.length === 1;
    const ended = followed || whole ? null : 'nothing came back: the log ends with it';
    let ran = 0;
    const running = whyNot.filter((reason) => reason === null).length;
    calling.calls.forEach((call, i) => {
      const reason = whyNot[i] ?? (call.action.tool === null ? null : ended);
      if (reason !== null) {
        this.skip(turn, call, { kind: 'notRun', reason: `The call was not run: ${reason}.` });
        return;
      }
      const reply =
        (replies.length === running ? replies[ran] : replies.find(({ error }) => error !== null)) ?? replies[0];
      ran++;
      this.run(turn, call, reply ?? null);
    });
  }

  private run(turn: Turn, call: ToolCall, reply: Reply | null): void {
    const error = reply?.error ?? null;
    if (error !== null) this.skip(turn, call, { kind: 'refused', reason: `The tool answered: ${error}` });
    else if (call.regions.length > 0) for (const region of call.regions) this.look(turn, call, region, reply);
    else if (call.action.kind === 'tool') this.lost ??= lostPicture;
  }

  private skip(turn: Turn, call: ToolCall, status: ZoomStatus): void {
    for (const region of call.regions) this.add(turn, call, region, this.meant(region), status);
  }

  private look(turn: Turn, call: ToolCall, region: Region, reply: Reply | null): void {
    const place = this.place(region);
    if (typeof place === 'string') {
      this.lost ??= place;
      this.add(turn, call, region, null, { kind: 'unplaced', reason: place });
      return;
    }
    const { view, cropped, seen } = place;
    const numbers = region.written ?? region.box;
    const outcome = this.rules.crop({ numbers, region, call, view: cropped, seen, crops: this.crops });
    const meant = this.meant(region);
    if (outcome.kind === 'cropped') {
      const executed = fromView(outcome.box, view, view.held);
      this.crops++;
      const result = this.cameBack(turn, executed, outcome.size, reply);
      this.add(turn, call, region, meant, { kind: 'executed' }, executed, result);
      return;
    }
    const result = outcome.whole === undefined ? null : this.cameBack(turn, view.box, outcome.whole, reply);
    const reason = `The tool makes no crop of it: ${outcome.reason}.`;
    this.add(turn, call, region, meant, { kind: 'refused', reason }, null, result);
  }

  private cameBack(turn: Turn, box: Box, size: Size, reply: Reply | null): number {
    const index = this.views.length;
    const held = this.rules.heldLater === undefined ? size : (reply?.imageSize ?? this.rules.heldLater(size));
    this.views.push({ index, turn: turn.index, box, held });
    return index;
  }

  private meant(region: Region): Box | null {
    const place = this.place(region);
    return typeof place === 'string' ? null : fromView(region.box, place.view, place.seen);
  }

  /** The view a region counts in and its units there, or why that cannot be told. */
  private place(region: Region): { view: ZoomView; cropped: CroppedView; seen: Size } | string {
    const { rules, frames } = this;
    if (this.trouble !== null) return this.trouble;
    if (this.lost !== null && region.view > 0) return this.lost;
    const view = this.views[region.view];
    if (view === undefined) return `Picture ${region.view} is not among those that came back before.`;
    const { index, held } = view;
    const stored = index === 0 ? this.image : held;
    const { loggedImageSize, inputSize } = this.rollout;
    const logged = { loggedImageSize, inputSize };
    const cropped: CroppedView = { index, held, stored, logged };
    try {
      const seen = rules.seen(region.written ?? region.box, cropped, frames);
      return seen === null ? 'Nobody knows the frame these numbers count in.' : { view, cropped, seen };
    } catch (error) {
      if (UserError.is(error)) return error.message;
      throw error;
    }
  }

  private add(
    turn: Turn,
    call: ToolCall,
    region: Region,
    meant: Box | null,
    status: ZoomStatus,
    executed: Box | null = null,
    result: number | null = null,
  ): void {
    const ordered = meant === null ? null : orderCorners(meant);
    this.steps.push({
      turn: turn.index,
      action: call.index,
      region: region.index,
      view: region.view,
      meant: ordered,
      executed,
      status,
      result,
    });
  }
}
