import { idInKey } from '../../../../formats/imageSet/coco/imageKey';
import { type KeyRule, keyRules } from '../../../../protocol/imageSetScores';
import type { ImageTable } from '../imageTable';

/** A name that several images have. */
export const several = -2;

/** Images by what tables call them. */
export class ImageNames {
  private readonly maps = new Map<KeyRule, ReadonlyMap<string, number>>();

  constructor(private readonly images: Pick<ImageTable, 'keys' | 'files'>) {}

  /** Index of the image; −1 for none, `several` for a name that does not tell images apart. */
  find(cell: string, rule: KeyRule): number {
    const map = this.map(rule);
    const found = map.get(nameBy(rule, cell));
    if (found !== undefined) return found;
    // pandas writes a column of ids that has a gap as numbers with a point.
    const whole = /^(\d{1,15})\.0$/.exec(cell)?.[1];
    return whole === undefined ? -1 : (map.get(whole) ?? -1);
  }

  /** The rule by which most cells name an image of their own, the strictest of equal ones. */
  bestRule(cells: readonly string[]): { readonly rule: KeyRule; readonly matches: number } {
    const counted = keyRules.map((rule) => {
      const images = new Set(cells.map((cell) => this.find(cell, rule)));
      images.delete(-1);
      images.delete(several);
      return { rule, matches: images.size };
    });
    return counted.reduce((best, one) => (one.matches > best.matches ? one : best));
  }

  private map(rule: KeyRule): ReadonlyMap<string, number> {
    const known = this.maps.get(rule);
    if (known !== undefined) return known;
    const made = new Map<string, number>();
    const names = rule === 'key' ? this.images.keys : this.images.files;
    names.forEach((name, index) => {
      const own = nameBy(rule, name);
      made.set(own, made.has(own) ? several : index);
      // An id that files of the set give to an image each.
      const id = rule === 'key' ? idInKey(own) : own;
      if (id !== own && made.has(id)) made.set(id, several);
    });
    this.maps.set(rule, made);
    return made;
  }
}

function nameBy(rule: KeyRule, name: string): string {
  if (rule === 'key' || rule === 'file') return name;
  const last = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const dot = last.lastIndexOf('.');
  return rule === 'stem' && dot > 0 ? last.slice(0, dot) : last;
}
