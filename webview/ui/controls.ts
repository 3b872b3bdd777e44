/**
 * The form controls of `@vscode/webview-ui-toolkit` behind functions of our own. The toolkit is archived upstream:
 * replacing it must never reach beyond this folder.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { type IconName, icon } from './icon';

/** Registers the custom elements; call once, before the first control is made. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeProgressRing(),
    vsCodeTextField(),
  );
}

interface ToolkitElement extends HTMLElement {
  value: string;
  checked: boolean;
  disabled: boolean;
}

function make(tag: string): ToolkitElement {
  return document.createElement(tag) as ToolkitElement;
}

export interface ButtonOptions {
  readonly label: string;
  readonly icon?: IconName;
  readonly primary?: boolean;
  readonly onClick: () => void;
}

export function button(options: ButtonOptions): HTMLElement {
  const node = make('vscode-button');
  node.setAttribute('appearance', options.primary ? 'primary' : 'secondary');
  if (options.icon !== undefined) {
    const start = icon(options.icon);
    start.slot = 'start';
    node.append(start);
  }
  node.append(options.label);
  node.addEventListener('click', () => options.onClick());
  return node;
}

export interface CheckboxOptions {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function checkbox(options: CheckboxOptions): HTMLElement {
  const node = make('vscode-checkbox');
  node.checked = options.checked;
  node.append(options.label);
  node.addEventListener('change', () => options.onChange(node.checked));
  return node;
}

export interface DropdownOptions {
  /** Read to screen readers. */
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function dropdown(options: DropdownOptions): HTMLElement {
  const node = make('vscode-dropdown');
  node.setAttribute('aria-label', options.label);
  for (const { value, label } of options.options) {
    const option = make('vscode-option');
    option.setAttribute('value', value);
    option.append(label);
    if (value === options.value) option.setAttribute('selected', '');
    node.append(option);
  }
  node.addEventListener('change', () => {
    if (node.value !== options.value) options.onChange(node.value);
  });
  return node;
}

export interface TextFieldOptions {
  readonly label: string;
  readonly value: string;
  /** Told after Enter or on leaving the field, with the text as typed. */
  readonly onChange: (value: string) => void;
}

export function textField(options: TextFieldOptions): HTMLElement {
  const node = make('vscode-text-field');
  node.value = options.value;
  node.append(options.label);
  node.addEventListener('change', () => options.onChange(node.value));
  return node;
}

/** An endless progress ring, for waits without a known length. */
export function progressRing(label: string): HTMLElement {
  const node = make('vscode-progress-ring');
  node.setAttribute('aria-label', label);
  return node;
}
