/** Small typed helpers over the DOM. Text only ever becomes text: nothing here parses HTML. */

export type Child = Node | string | null | undefined | false;

export interface ElementProps {
  readonly class?: string;
  readonly id?: string;
  readonly title?: string;
  readonly role?: string;
  readonly tabIndex?: number;
  readonly hidden?: boolean;
  /** `aria-*` attributes by the name after the dash; null leaves one out. */
  readonly aria?: Readonly<Record<string, string | number | boolean | null>>;
  readonly data?: Readonly<Record<string, string | number>>;
}

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: ElementProps = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  if (props.class !== undefined) node.className = props.class;
  if (props.id !== undefined) node.id = props.id;
  if (props.title !== undefined) node.title = props.title;
  if (props.role !== undefined) node.setAttribute('role', props.role);
  if (props.tabIndex !== undefined) node.tabIndex = props.tabIndex;
  if (props.hidden !== undefined) node.hidden = props.hidden;
  for (const [name, value] of Object.entries(props.aria ?? {})) setAria(node, name, value);
  for (const [name, value] of Object.entries(props.data ?? {})) node.dataset[name] = String(value);
  append(node, children);
  return node;
}

export function div(className: string, ...children: readonly Child[]): HTMLDivElement {
  return el('div', { class: className }, ...children);
}

export function span(className: string, ...children: readonly Child[]): HTMLSpanElement {
  return el('span', { class: className }, ...children);
}

export function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    parent.appendChild(typeof child === 'string' ? document.createTextNode(child) : child);
  }
}

/** Replaces everything in `parent`. */
export function fill(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

/** Writes text only when it changed, so that an unchanged row costs no layout. */
export function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Null removes the attribute. */
export function setAria(node: Element, name: string, value: string | number | boolean | null): void {
  if (value === null) node.removeAttribute(`aria-${name}`);
  else node.setAttribute(`aria-${name}`, String(value));
}
