import type { JsonValue } from '../core/text/jsonValue';
import { isObject, type JsonObject } from './columns';

/** Nodes on all paths of one trace together: a hostile graph could repeat a long stem for each of its leaves. */
const maxNodes = 200_000;

/**
 * Paths from a root to each leaf of a list of nodes in which `parent` is the index of the one before, in the order of the
 * leaves. A parent that comes after its child, or is none, makes a root: so no path is endless.
 */
export function leafPaths(value: JsonValue | undefined): readonly (readonly JsonObject[])[] {
  const nodes = Array.isArray(value) ? value : [];
  const parents = nodes.map((node: JsonValue, i: number) => (isObject(node) ? parentOf(node, i) : -1));
  const isParent = new Set(parents);
  const paths: (readonly JsonObject[])[] = [];
  let left = maxNodes;
  for (let leaf = 0; leaf < nodes.length && left > 0; leaf++) {
    if (isParent.has(leaf) || !isObject(nodes[leaf])) continue;
    const path: JsonObject[] = [];
    for (let at = leaf; at >= 0; at = parents[at] ?? -1) {
      const node: JsonValue | undefined = nodes[at];
      if (isObject(node)) path.push(node);
    }
    left -= path.length;
    paths.push(path.reverse());
  }
  return paths;
}

function parentOf({ parent }: JsonObject, i: number): number {
  return typeof parent === 'number' && Number.isInteger(parent) && parent >= 0 && parent < i ? parent : -1;
}
