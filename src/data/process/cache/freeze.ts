/** Only the prototype is used: constructors do not run for objects that are brought back. */
type Class = { readonly prototype: object };

/** What of an object is kept: all but functions, and these properties. */
export interface Kept {
  readonly type: Class;
  readonly without?: readonly string[];
}

/** Classes that may be met, by the name they have in files. */
export type Registry = Readonly<Record<string, Kept>>;

type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

const arrayTypes = { Uint8Array, Uint16Array, Uint32Array, Int32Array, Float32Array, Float64Array } as const;
type ArrayType = keyof typeof arrayTypes;

/** A typed array whose bytes are kept apart from the tree, without the zeros at its end. */
export interface FrozenArray {
  readonly type: ArrayType;
  readonly length: number;
  /** Bytes that are kept. */
  readonly bytes: number;
}

/** A tree that `v8.serialize` takes, and the numbers in it. */
export interface Frozen {
  readonly tree: unknown;
  readonly arrays: readonly FrozenArray[];
  /** Views on the arrays themselves, nothing is copied. */
  readonly contents: readonly Uint8Array[];
}

const marks = { object: '$object', array: '$array' } as const;

/**
 * Takes objects of known classes apart, with whatever fields they have, so that a field added to one of them is kept
 * without further ado. An object that stands at two places stays one.
 * @throws TypeError for an object of another class.
 */
export function freeze(value: unknown, registry: Registry): Frozen {
  const arrays: FrozenArray[] = [];
  const contents: Uint8Array[] = [];
  const known = new Map<object, unknown>();
  const names = new Map(Object.entries(registry).map(([name, { type }]) => [type.prototype, name]));

  const visit = (from: unknown): unknown => {
    if (typeof from !== 'object' || from === null) return from;
    const before = known.get(from);
    if (before !== undefined) return before;
    if (ArrayBuffer.isView(from)) return remember(from, { [marks.array]: keep(from as Numbers) });
    if (Array.isArray(from))
      return fill<unknown[]>(from, [], (into) => {
        for (const entry of from) into.push(visit(entry));
      });
    if (from instanceof Map)
      return fill(from, new Map(), (into) => {
        for (const [key, entry] of from) into.set(key, visit(entry));
      });
    if (from instanceof Set) return remember(from, new Set(from));
    const prototype: unknown = Object.getPrototypeOf(from);
    if (prototype === Object.prototype) return fill(from, {}, (into) => copyFields(from, into, []));
    const name = names.get(prototype as object);
    if (name === undefined) throw new TypeError(`an index cannot keep a ${from.constructor.name}`);
    const fields = {};
    return fill(from, { [marks.object]: name, fields }, () => copyFields(from, fields, registry[name]?.without ?? []));
  };
  const remember = <T>(from: object, to: T): T => {
    known.set(from, to);
    return to;
  };
  const fill = <T>(from: object, to: T, how: (into: T) => void): T => {
    how(remember(from, to));
    return to;
  };
  const copyFields = (from: object, into: object, without: readonly string[]): void => {
    for (const [field, entry] of Object.entries(from)) {
      if (typeof entry === 'function' || without.includes(field)) continue;
      Object.defineProperty(into, field, { value: visit(entry), enumerable: true });
    }
  };
  const keep = (array: Numbers): number => {
    const all = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    let bytes = all.length;
    while (bytes > 0 && all[bytes - 1] === 0) bytes--;
    arrays.push({ type: array.constructor.name as ArrayType, length: array.length, bytes });
    contents.push(all.subarray(0, bytes));
    return arrays.length - 1;
  };
  return { tree: visit(value), arrays, contents };
}

/** An array of zeros as long as the one that was kept, and where its kept bytes go. Throws `TypeError` for no such array. */
export function emptyArray({ type, length, bytes }: FrozenArray): {
  readonly array: Numbers;
  readonly into: Uint8Array;
} {
  const make = arrayTypes[type];
  if (make === undefined || bytes > length * make.BYTES_PER_ELEMENT) throw new TypeError('no array of an index');
  const array = new make(length);
  return { array, into: new Uint8Array(array.buffer, 0, bytes) };
}

/**
 * Brings frozen fields back into `target`, an object as its constructor leaves it; objects that it holds already are
 * filled, so that whoever holds them too sees the same.
 * @throws TypeError for a tree that does not fit.
 */
export function thaw(tree: unknown, arrays: readonly Numbers[], registry: Registry, target: object): void {
  const known = new Map<object, unknown>();

  const visit = (from: unknown, existing: unknown): unknown => {
    if (typeof from !== 'object' || from === null) return from;
    const before = known.get(from);
    if (before !== undefined) return before;
    if (Array.isArray(from)) {
      const into: unknown[] = Array.isArray(existing) ? existing : [];
      known.set(from, into);
      into.splice(0, into.length);
      for (const entry of from) into.push(visit(entry, undefined));
      return into;
    }
    if (from instanceof Map) {
      const into: Map<unknown, unknown> = existing instanceof Map ? existing : new Map();
      known.set(from, into);
      into.clear();
      for (const [key, entry] of from) into.set(key, visit(entry, undefined));
      return into;
    }
    if (from instanceof Set) {
      const into: Set<unknown> = existing instanceof Set ? existing : new Set();
      into.clear();
      for (const entry of from) into.add(entry);
      return into;
    }
    return visitObject(from as Readonly<Record<string, unknown>>, existing);
  };
  const visitObject = (from: Readonly<Record<string, unknown>>, existing: unknown): unknown => {
    const array = from[marks.array];
    if (typeof array === 'number') return required(arrays[array]);
    const name = from[marks.object];
    const prototype = typeof name === 'string' ? required(registry[name]).type.prototype : Object.prototype;
    const fits = typeof existing === 'object' && existing !== null && Object.getPrototypeOf(existing) === prototype;
    const into: object = fits ? existing : Object.create(prototype);
    known.set(from, into);
    const fields = typeof name === 'string' ? (from.fields as Readonly<Record<string, unknown>>) : from;
    for (const [field, entry] of Object.entries(fields)) {
      const value = visit(entry, Reflect.get(into, field));
      if (Object.hasOwn(into, field)) Reflect.set(into, field, value);
      else Object.defineProperty(into, field, { value, enumerable: true, writable: true, configurable: true });
    }
    return into;
  };
  if (visit(tree, target) !== target) throw new TypeError('an index of something else');
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('an index that does not fit');
  return value;
}
