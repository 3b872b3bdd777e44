import type { RewardComponent } from '../../../src/core/reward/component';
import type { ColumnInfo } from '../../../src/protocol/query';
import { parseEnd, plain } from '../../filter/chipWords';
import { anchored } from '../../ui/anchored';
import { button } from '../../ui/controls';
import { div, el, setAria, span } from '../../ui/dom';
import { iconButton } from '../../ui/iconButton';
import { inputBox } from '../../ui/inputBox';
import type { Session } from '../store/session';
import type { FieldRow } from './fieldRows';

/** The logged columns of a rollout; those with numbers can be named components of the reward. */
export function fieldTable(rows: readonly FieldRow[], session: Session, columns: readonly ColumnInfo[]): HTMLElement {
  const components = session.state.value.components ?? configured(columns);
  const body = rows.map((row) => {
    const component = components.find(({ name }) => name === row.name) ?? null;
    const value = el('td', { class: row.kind, title: row.exact }, row.text);
    const act = row.kind === 'text' ? null : roleButton({ name: row.name, component, components, session });
    if (act === null) value.colSpan = 2;
    const role = act === null ? null : el('td', { class: 'field-role' }, act);
    return el('tr', {}, el('th', { title: row.name }, row.name), value, role);
  });
  const named = rows.some((row) => components.some(({ name }) => name === row.name));
  return el('table', { class: named ? 'fields named' : 'fields' }, el('tbody', {}, ...body));
}

/** What the run's config names. */
function configured(columns: readonly ColumnInfo[]): readonly RewardComponent[] {
  return columns.flatMap(({ name, role, weight = null }) => (role === 'component' ? [{ name, weight }] : []));
}

interface Role {
  readonly name: string;
  /** Null while the column is a field. */
  readonly component: RewardComponent | null;
  /** All of the trace. */
  readonly components: readonly RewardComponent[];
  readonly session: Session;
}

function roleButton(role: Role): HTMLElement {
  const { name, component } = role;
  const open = () => editComponent(node, role);
  const node =
    component === null
      ? iconButton({ icon: 'symbol-number', label: `Name ${name} a reward component`, onClick: open })
      : componentTag(component, open);
  setAria(node, 'haspopup', 'dialog');
  return node;
}

function componentTag({ name, weight }: RewardComponent, open: () => void): HTMLElement {
  const factor = weight === null ? '' : ` × ${plain(weight)}`;
  const title = `${name} is a reward component${weight === null ? '' : ` of weight ${plain(weight)}`}`;
  const node = el('button', { class: 'component-tag', title, aria: { label: title } }, `component${factor}`);
  node.type = 'button';
  node.addEventListener('click', open);
  return node;
}

const about =
  'A logged column is a field until you name it a part of the reward. The total stays what the log says: it is never summed from components.';

function editComponent(anchor: HTMLElement, { name, component, components, session }: Role): void {
  const others = components.filter((one) => one.name !== name);
  const box = anchored(anchor, { class: 'chip-editor', role: 'dialog', label: `${name} as a reward component` });
  const error = el('div', { class: 'input-error', role: 'alert', hidden: true });
  const apply = () => {
    const weight = parseEnd(field.value);
    error.hidden = typeof weight !== 'string';
    error.textContent = typeof weight === 'string' ? weight : '';
    if (typeof weight === 'string') return;
    box.close();
    void session.perform({ kind: 'setComponents', components: [...others, { name, weight }] });
  };
  const remove = () => {
    box.close();
    void session.perform({ kind: 'setComponents', components: others });
  };
  const weight = component?.weight ?? null;
  const field = inputBox({
    label: 'Weight in the total',
    value: weight === null ? '' : plain(weight),
    placeholder: 'unknown',
    onEnter: apply,
  });
  box.element.append(
    div('chip-editor-title', name),
    div('chip-editor-about', about),
    div('range-form', span('', 'Weight'), field),
    error,
    div(
      'chip-editor-buttons',
      button({ label: component === null ? 'Name Component' : 'Apply', primary: true, onClick: apply }),
      component !== null && button({ label: 'Only a Field', onClick: remove }),
    ),
  );
  box.show(() => field);
}
