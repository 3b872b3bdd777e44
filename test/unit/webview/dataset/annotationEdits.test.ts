import { expect, test } from 'vitest';
import { newAnnotation } from '../../../../src/core/dataset/edit/imageEdits';
import type { EffectiveImage } from '../../../../src/core/dataset/edit/imageNotes';
import { AnnotationEdits } from '../../../../webview/dataset/detail/annotationEdits';
import { DetailState } from '../../../../webview/dataset/detail/detailState';
import type { EditStore } from '../../../../webview/dataset/edit/editStore';
import type { DatasetSession } from '../../../../webview/dataset/store/session';
import { Signal } from '../../../../webview/rollouts/store/signal';

const box = newAnnotation('kite', { kind: 'box', box: { x1: 1, y1: 1, x2: 9, y2: 9 } });
/** Many formats number the annotations of each image anew. */
const image = (index: number) =>
  ({ index, annotations: [{ ...box, id: '0', edit: null }] }) as unknown as EffectiveImage;

test('a box that keys moved is let go on its own image, however fast the next one is asked for', () => {
  const edited: unknown[] = [];
  const session = { image: new Signal(-1), info: new Signal(null), mayEdit: true, speak: () => undefined };
  const store = {
    version: new Signal(0),
    image,
    load: async () => undefined,
    edit: async (index: number, label: string) => void edited.push([index, label]),
  };
  const state = new DetailState(session as unknown as DatasetSession, store as unknown as EditStore);
  const edits = new AnnotationEdits(state);
  session.image.set(4);
  state.select('0');
  // As the view does: what is in hand is let go once something else is selected.
  state.selected.on(() => edits.reshape('0', box, 'Move'));
  session.image.set(5);
  expect(edited).toEqual([[4, 'Move “kite”']]);
});
