import { describe, expect, it } from 'vitest';
import { everyImage } from '../../../../src/protocol/imageSet';
import { Listing } from '../../../../webview/dataset/store/listing';
import { Selection } from '../../../../webview/dataset/store/selection';
import { Signal } from '../../../../webview/rollouts/store/signal';

const options = { fetch: async () => [], onChange: () => undefined, onError: () => undefined };

/** Image 5 stands in both sections, as one with two labels does. */
const found = {
  query: everyImage,
  view: {
    view: 1,
    images: 5,
    annotations: 9,
    order: Uint32Array.of(9, 5, 2, 5, 7, 1),
    sections: [
      { title: 'kite', images: 3 },
      { title: 'boat', images: 3 },
    ],
  },
};

function selecting() {
  const listing = new Signal(new Listing(found, options));
  return { listing, selection: new Selection(listing) };
}
const chosen = (selection: Selection) => [...selection.images.value].sort((a, b) => a - b);

describe('images that are selected', () => {
  it('are those between where a range started and where it ends, also when it turns back', () => {
    const { selection } = selecting();
    selection.move(2);
    selection.extend(4);
    expect(chosen(selection)).toEqual([2, 5, 7]);
    selection.extend(1);
    expect(chosen(selection)).toEqual([2, 5]);
    expect(selection.cursor.value).toBe(1);
  });

  it('keep what was selected before the range', () => {
    const { selection } = selecting();
    selection.toggle(0);
    selection.move(4);
    selection.extend(5);
    expect(chosen(selection)).toEqual([1, 7, 9]);
  });

  it('are images: one that is listed twice is selected in both places', () => {
    const { selection } = selecting();
    selection.toggle(1);
    expect(selection.has(5)).toBe(true);
    selection.toggle(3);
    expect(chosen(selection)).toEqual([]);
  });

  it('stay selected in a listing that has only some of them, and the cursor stays on its image', () => {
    const { listing, selection } = selecting();
    selection.all();
    selection.move(4);
    const before = listing.value;
    const file = new Listing(null, options);
    file.grow(10);
    listing.set(file);
    selection.follow(before, file);
    expect(selection.image).toBe(7);
    expect(chosen(selection)).toEqual([1, 2, 5, 7, 9]);
  });

  it('are what an action is for; without any, the image at the cursor is', () => {
    const { selection } = selecting();
    selection.move(0);
    expect(selection.targets).toEqual([9]);
    selection.toggle(2);
    expect(selection.targets).toEqual([2]);
    expect(selection.clear()).toBe(true);
    expect(selection.clear()).toBe(false);
  });
});
