/**
 * The element around the layers: reached and left by Tab, with a ring while it has the focus, since keys act on it
 * only then. Styles are set one by one as properties: a webview's content policy refuses style attributes.
 */
export function createFocusableElement(label: string): HTMLElement {
  const element = document.createElement('div');
  element.tabIndex = 0;
  element.setAttribute('role', 'application');
  element.setAttribute('aria-label', label);
  const { style } = element;
  style.position = 'relative';
  style.overflow = 'hidden';
  style.width = '100%';
  style.height = '100%';
  style.touchAction = 'none';
  style.userSelect = 'none';
  style.outline = 'none';
  const ring = createRing();
  element.append(ring);
  element.addEventListener('focus', () => {
    ring.style.display = 'block';
  });
  element.addEventListener('blur', () => {
    ring.style.display = 'none';
  });
  return element;
}

/** Over the layers: an outline of the element itself would be painted under them. */
function createRing(): HTMLElement {
  const ring = document.createElement('div');
  const { style } = ring;
  style.display = 'none';
  style.position = 'absolute';
  style.inset = '0';
  style.zIndex = '1';
  style.boxSizing = 'border-box';
  style.border = '1px solid var(--vscode-focusBorder, currentColor)';
  style.pointerEvents = 'none';
  return ring;
}
