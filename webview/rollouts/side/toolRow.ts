import { knownRules, type RulesChoice, toolRulesOf } from '../../../src/core/trajectory/tools/chooseRules';
import { div, span } from '../../ui/dom';
import { linkButton } from '../../ui/iconButton';
import { type MenuItem, showMenu } from '../../ui/menu';
import type { Session } from '../store/session';

const origins: Readonly<Record<RulesChoice['origin'], string>> = {
  user: 'set by you',
  format: 'by the format',
  log: 'from the log',
  config: 'from the run’s config',
  default: 'nothing tells',
};

/** By whose rules the selected rollout's calls are replayed; null where it calls nothing. */
export function rulesInForce({ rollout, group, state, welcome }: Session): RulesChoice | null {
  const isCall = ({ kind, tool }: { readonly kind: string; readonly tool: string | null }) =>
    kind === 'zoom' || (kind === 'tool' && tool !== null);
  if (rollout === null || !rollout.turns.some(({ actions }) => actions.some(isCall))) return null;
  return toolRulesOf(rollout, welcome.format, state.value.tool ?? null, group?.tool ?? null);
}

/** The rules with who said so, where they were read, and a menu of all that are known. */
export function toolRow(session: Session, { rules, origin, reason }: RulesChoice): HTMLElement {
  const change = linkButton('Change…', () => showToolMenu(session, change));
  change.classList.add('tool-change');
  change.setAttribute('aria-label', 'Change the tool’s rules…');
  return div(
    'frame-row',
    div('frame-head', span('frame-field', 'Tool'), change),
    div('frame-name', rules.name),
    div('frame-reason', `${origins[origin]} · ${reason}`),
    div('frame-reason', `rules read from ${rules.source}`),
  );
}

export function showToolMenu(session: Session, anchor: HTMLElement): void {
  const chosen = session.state.value.tool ?? null;
  const item = (label: string, title: string, tool: typeof chosen): MenuItem => ({
    kind: 'item',
    label,
    title,
    checked: chosen === tool,
    radio: true,
    run: () => void session.perform({ kind: 'setTool', tool }),
  });
  const told = item('As the trace tells', 'The format, the log or the run’s config says whose tool it was', null);
  const known = knownRules.map(({ id, name, source }) => item(name, source, id));
  showMenu(anchor, 'Rules by which calls are replayed', [told, { kind: 'line' }, ...known]);
}
