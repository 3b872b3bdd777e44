/**
 * VS Code carries webview messages as JSON (typed arrays aside): NaN and ±Infinity would arrive as null, and a reward that
 * is "not a number" must not look like one that was never logged. The host packs what it posts; a `Channel` unpacks any
 * envelope that says it is packed.
 */

const tag = '$number';

/** The value with every non-finite number replaced by `{ $number: 'NaN' | 'Infinity' | '-Infinity' }`; the same object when there is none. */
export function packNumbers(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : { [tag]: String(value) };
  return mapChildren(value, packNumbers, (object) =>
    Object.hasOwn(object, tag) ? { [tag]: mapFields(object, packNumbers) } : null,
  );
}

/** Undoes `packNumbers`. */
export function unpackNumbers(value: unknown): unknown {
  return mapChildren(value, unpackNumbers, (object) => {
    if (!Object.hasOwn(object, tag)) return null;
    const inner = object[tag];
    // Data of the user's own that happens to have the key was wrapped once more.
    return typeof inner === 'string' ? Number(inner) : mapFields(inner as Fields, unpackNumbers);
  });
}

type Fields = Readonly<Record<string, unknown>>;

/** Copies only where something changed: most messages hold no such number. */
function mapChildren(
  value: unknown,
  map: (value: unknown) => unknown,
  whole: (object: Fields) => unknown | null,
): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) {
    let copy: unknown[] | null = null;
    for (let i = 0; i < value.length; i++) {
      const mapped = map(value[i]);
      if (mapped === value[i]) continue;
      copy ??= value.slice();
      copy[i] = mapped;
    }
    return copy ?? value;
  }
  return whole(value as Fields) ?? mapFields(value as Fields, map);
}

function mapFields(object: Fields, map: (value: unknown) => unknown): Fields {
  let copy: Record<string, unknown> | null = null;
  for (const key of Object.keys(object)) {
    const mapped = map(object[key]);
    if (mapped === object[key]) continue;
    copy ??= { ...object };
    copy[key] = mapped;
  }
  return copy ?? object;
}
