type Numbers = Float64Array | Float32Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

/** The array, or a larger copy of it when it has no room for `length` numbers. */
export function roomFor<T extends Numbers>(values: T, length: number): T {
  if (length <= values.length) return values;
  const Made = values.constructor as new (length: number) => T;
  const larger = new Made(Math.max(length, Math.ceil(values.length * 1.5)));
  larger.set(values);
  return larger;
}
