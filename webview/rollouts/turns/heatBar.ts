import type { TokenTrack } from '../../../src/core/trajectory/rollout';
import { div, el, fill, setAria, span } from '../../ui/dom';
import { decimal } from '../words';
import { type HeatKind, heatKinds, heatScale, heatSteps, heatWords } from './tokenHeat';

/** The line above a text with a token track: what to colour the tokens by, and what the colours mean. */
export class HeatBar {
  readonly element = el('div', { class: 'heat-bar', role: 'toolbar', aria: { label: 'Colour of the tokens' } });

  constructor(private readonly choose: (kind: HeatKind | null) => void) {}

  /** `track` is null until it was fetched: its kinds are not known before. */
  paint(chosen: HeatKind | null, track: TokenTrack | null, loading: boolean): void {
    const kinds = track === null ? [] : heatKinds.filter((kind) => track[kind] !== null);
    const numbers = chosen === null ? null : (track?.[chosen] ?? null);
    fill(
      this.element,
      span('heat-title', 'Colour tokens'),
      this.option('Off', chosen === null, () => this.choose(null)),
      ...(track === null
        ? [this.option(loading ? 'Loading…' : 'On (H)', false, () => this.choose('rewards'))]
        : kinds.map((kind) => this.option(heatWords[kind].label, chosen === kind, () => this.choose(kind)))),
      chosen !== null && numbers !== null && legend(chosen, numbers),
    );
  }

  private option(text: string, on: boolean, onClick: () => void): HTMLElement {
    const node = el('button', { class: 'chip' }, text);
    node.type = 'button';
    setAria(node, 'pressed', on);
    node.addEventListener('click', onClick);
    return node;
  }
}

/** Smallest number, the steps of the scale, largest number. */
function legend(kind: HeatKind, numbers: readonly number[]): HTMLElement {
  const { min, max, limit } = heatScale(kind, numbers);
  if (Number.isNaN(min)) return span('heat-legend', 'no finite number');
  const oneSided = kind === 'logprobs';
  const steps = Array.from({ length: oneSided ? heatSteps + 1 : 2 * heatSteps + 1 }, (_, i) => i - heatSteps);
  const [low, high] = oneSided ? ['p = 0', 'p = 1'] : [decimal(-limit), decimal(limit)];
  const words = `${heatWords[kind].many} from ${decimal(min)} to ${decimal(max)}`;
  return el(
    'span',
    { class: 'heat-legend', title: `${heatWords[kind].scale}; ${words}` },
    span('', low),
    div(
      'heat-swatches',
      ...steps.map((step) => el('span', { class: 'marked marked-token', data: { heat: step } }, ' ')),
    ),
    span('', high),
    span('heat-range', words),
  );
}
