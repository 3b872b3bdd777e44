import type { Size } from '../../../src/core/geometry/box';
import type { FrameChoice } from '../../../src/core/geometry/frame';
import { type ZoomChain, zoomChain } from '../../../src/core/geometry/zoomChain';
import type { Rollout } from '../../../src/core/trajectory/rollout';
import { type RulesChoice, toolRulesOf } from '../../../src/core/trajectory/tools/chooseRules';
import type { ToolRulesId } from '../../../src/core/trajectory/tools/toolRules';

export interface RolloutChain {
  readonly zoom: ZoomChain;
  readonly rules: RulesChoice;
}

/** Zoom chains of a group's rollouts, replayed once for each image and each set of frames. */
export class Chains {
  private known = new Map<Rollout, RolloutChain>();

  constructor(
    private readonly format: string,
    private readonly image: Size,
    private readonly choices: readonly FrameChoice[],
    /** That the run's config names. */
    private readonly tool: ToolRulesId | null = null,
    /** That the user chose. */
    private readonly chosen: ToolRulesId | null = null,
  ) {}

  /** Whether these are the chains under such an image, such frames and such tools. */
  serves(image: Size, choices: readonly FrameChoice[], tool: ToolRulesId | null, chosen: ToolRulesId | null): boolean {
    const { width, height } = this.image;
    if (tool !== this.tool || chosen !== this.chosen) return false;
    if (image.width !== width || image.height !== height || choices.length !== this.choices.length) return false;
    return choices.every((choice, i) => choice === this.choices[i]);
  }

  of(rollout: Rollout): RolloutChain {
    const known = this.known.get(rollout);
    if (known !== undefined) return known;
    const rules = toolRulesOf(rollout, this.format, this.chosen, this.tool);
    const chain = { rules, zoom: zoomChain(rollout, this.image, this.choices, rules.rules) };
    this.known.set(rollout, chain);
    return chain;
  }
}
