import { onAny } from '../../rollouts/store/signal';
import { div, setText, span } from '../../ui/dom';
import { linkButton } from '../../ui/iconButton';
import type { KeyAction } from '../keys';
import type { DetailState } from './detailState';

/** Above the list while there are proposals: how many, and what can be done with all of them. */
export function proposalBar(state: DetailState, run: (action: KeyAction) => void): HTMLElement {
  const count = span('proposal-count');
  const element = div(
    'proposal-bar',
    count,
    linkButton('Accept all', () => run('acceptProposals'), 'Accept all (Shift+A)'),
    linkButton('Dismiss', () => run('dismissProposals'), 'Dismiss (Shift+N)'),
    linkButton('Rollouts', () => run('openSampled'), 'Open the rollouts that proposed them (Shift+O)'),
  );
  element.setAttribute('role', 'status');
  const paint = () => {
    const { length } = state.proposals.value;
    element.hidden = length === 0;
    setText(count, `${length} proposed`);
  };
  onAny(paint, [state.proposals]);
  paint();
  return element;
}
