import type { ComparedComponent, ComparedRollout } from '../../../src/core/reward/scoring/compareLogged';
import { rewardDefinition } from '../../../src/core/reward/scoring/definitions';
import type { ProfileComponent, ScoringProfile } from '../../../src/core/reward/scoring/profile';
import { plain } from '../../filter/chipWords';
import { div, el, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { shortReward } from '../words';
import { scoredText, statusWord, verdictWords } from './scoreWords';

/** Components and total of one rollout, recomputed and logged, each with its verdict below. */
export function componentTable({ components, total }: ComparedRollout): HTMLElement {
  const head = el(
    'tr',
    {},
    columnHead('Component'),
    columnHead('Recomputed', 'number'),
    columnHead('Logged', 'number'),
  );
  const bodies = [...components, total].map((one) => componentRows(one, one === total));
  return el('table', { class: 'score-table score-components' }, el('thead', {}, head), ...bodies);
}

function componentRows(one: ComparedComponent, isTotal: boolean): HTMLElement {
  const { name, weight, scored, logged, column, verdict } = one;
  const words = verdictWords(verdict);
  const note = scored.kind === 'value' ? scored.note : verdict.kind === 'notRecomputable' ? undefined : scored.reason;
  const factor = isTotal || weight === 1 ? null : span('score-weight', ` × ${plain(weight)}`);
  const against = column === null || column === name ? '' : `compared with the logged ${column}`;
  return el(
    'tbody',
    { class: isTotal ? 'score-total' : '' },
    el(
      'tr',
      {},
      el('th', { title: name }, name, factor),
      el('td', { class: 'number' }, scoredText(scored)),
      el('td', { class: 'number', title: against }, shortReward(logged)),
    ),
    el(
      'tr',
      { class: `score-verdict ${verdict.kind}` },
      wide(
        3,
        div('verdict', icon(words.icon), span('', words.long)),
        against === '' ? null : div('score-note', against),
        note === undefined ? null : div('score-note', note),
      ),
    ),
  );
}

/** Where each component's formula comes from, and its parameters with what stands behind their values. */
export function profileAbout({ components }: ScoringProfile): HTMLElement {
  return el(
    'details',
    { class: 'score-about' },
    el('summary', {}, 'Formulas and parameters'),
    ...components.map(componentAbout),
  );
}

function componentAbout({ name, reward, parameters }: ProfileComponent): HTMLElement {
  const definition = rewardDefinition(reward);
  if (definition === null) return div('score-formula', name);
  return div(
    'score-formula',
    div('', span('score-formula-name', name), ` ${definition.title}`),
    div('score-note', `${statusWord(definition.source)} · ${definition.source.text}`),
    ...definition.parameters.map((spec) => {
      const own = Object.hasOwn(parameters, spec.name) ? parameters[spec.name] : undefined;
      const from = own === undefined ? 'default' : 'set by the profile';
      return div(
        'score-parameter',
        `${spec.name} = ${own ?? spec.value}`,
        span('score-note', ` ${from} · ${spec.about}`),
      );
    }),
  );
}

export function columnHead(text: string, className = '', title = ''): HTMLElement {
  const node = el('th', { class: className, title }, text);
  node.scope = 'col';
  return node;
}

function wide(columns: number, ...children: readonly (Node | null)[]): HTMLElement {
  const node = el('td', {}, ...children);
  node.colSpan = columns;
  return node;
}
