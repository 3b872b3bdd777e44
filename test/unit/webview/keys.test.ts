import { describe, expect, it } from 'vitest';
import { findKey, keyHelp, rolloutsKeys } from '../../../webview/rollouts/keys';
import { keyName } from '../../../webview/ui/keyNames';

const plain = { shiftKey: false, ctrlKey: false, altKey: false, metaKey: false };
const elsewhere = {
  list: false,
  canvas: false,
  zoomed: false,
  chain: false,
  turns: false,
  boxes: false,
  segment: false,
  draw: false,
};
const list = { ...elsewhere, list: true };
const canvas = { ...elsewhere, canvas: true };
const action = (key: string, focus = list, more = {}) => findKey({ ...plain, key, ...more }, focus)?.action ?? null;

describe('the table of keys', () => {
  it('gives no key two meanings in one place', () => {
    const seen = rolloutsKeys.flatMap(({ keys, place }) => keys.map((key) => `${place} ${key}`));
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('never takes Tab, nor a key with a modifier', () => {
    expect(rolloutsKeys.some(({ keys }) => keys.includes('Tab'))).toBe(false);
    for (const modifier of ['ctrlKey', 'altKey', 'metaKey']) expect(action('j', list, { [modifier]: true })).toBeNull();
  });

  it('leaves keys with Ctrl to VS Code’s keybindings, and prints them', () => {
    expect(action('Enter', elsewhere, { ctrlKey: true })).toBeNull();
    expect(keyHelp().find(({ label }) => label === 'Reviewed, and go on')?.keys).toEqual(['Shift+Y', 'Ctrl+Enter']);
  });

  it('leaves arrows to panels that scroll', () => {
    expect(action('ArrowDown')).toBe('nextRollout');
    expect(action('ArrowDown', elsewhere)).toBeNull();
    expect(action('j', elsewhere)).toBe('nextRollout');
  });

  it('steps through a replay by arrows on its strip and on the picture, zoomed in or not', () => {
    expect(action('ArrowRight', { ...elsewhere, chain: true })).toBe('nextChainStep');
    expect(action('ArrowLeft', { ...canvas, zoomed: true, chain: true })).toBe('previousChainStep');
    expect(action('ArrowLeft', { ...canvas, chain: true }, { shiftKey: true })).toBe('panLeft');
    expect(action('ArrowRight', list)).toBe('foldRight');
  });

  it('moves the picture with Shift, and without once it is zoomed', () => {
    expect(action('ArrowLeft', canvas, { shiftKey: true })).toBe('panLeft');
    expect(action('ArrowLeft', { ...canvas, zoomed: true })).toBe('panLeft');
    expect(action('ArrowDown', canvas)).toBe('nextRollout');
  });

  it('moves a box that is edited with arrows, and its far edges with Alt', () => {
    const editing = { ...canvas, zoomed: true, chain: true, boxes: true };
    expect(action('ArrowLeft', editing)).toBe('moveBox');
    expect(action('ArrowLeft', editing, { shiftKey: true })).toBe('moveBox');
    expect(action('ArrowLeft', editing, { altKey: true, shiftKey: true })).toBe('resizeBox');
    expect(action('ArrowLeft', { ...editing, boxes: false }, { altKey: true })).toBeNull();
  });

  it('tells capital letters from small ones', () => {
    expect(action('g')).toBe('firstRollout');
    expect(action('G', list, { shiftKey: true })).toBe('lastRollout');
    expect(action('?', list, { shiftKey: true })).toBe('toggleHelp');
  });

  it('prints every meaning once, with all its keys', () => {
    const help = keyHelp();
    expect(new Set(help.map(({ topic, label }) => `${topic} ${label}`)).size).toBe(help.length);
    expect(help.find(({ label }) => label === 'Next rollout')?.keys).toEqual(['J', '↓']);
    expect(help.find(({ label }) => label === 'Move the picture')?.keys).toEqual(['Shift+Arrows']);
    expect(keyName('G')).toBe('Shift+G');
  });
});
