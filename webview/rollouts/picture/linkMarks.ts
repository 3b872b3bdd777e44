import type { Session } from '../store/session';

/**
 * Keeps every element with `data-mark` inside `container` in step with hover and selection: the pointer or the focus on
 * one sets them, and their change lights the others up. One listener a container, however many elements.
 */
export function linkMarks(container: HTMLElement, session: Session): void {
  const markOf = (event: Event) => (event.target as Element).closest<HTMLElement>('[data-mark]')?.dataset.mark ?? null;
  container.addEventListener('pointerover', (event) => session.hover.set(markOf(event)));
  container.addEventListener('pointerleave', () => session.hover.set(null));
  container.addEventListener('focusin', (event) => session.hover.set(markOf(event)));
  container.addEventListener('click', (event) => {
    const id = markOf(event);
    if (id !== null) session.region.set(id);
  });
  session.hover.on((id) => light(container, 'hovered', id));
  session.region.on((id) => light(container, 'chosen', id));
}

/** Marks the elements of `id`; call again after the container was filled anew. */
export function light(container: HTMLElement, className: 'hovered' | 'chosen', id: string | null): void {
  for (const node of container.querySelectorAll(`.${className}`)) node.classList.remove(className);
  if (id === null) return;
  for (const node of container.querySelectorAll(`[data-mark="${CSS.escape(id)}"]`)) node.classList.add(className);
}
