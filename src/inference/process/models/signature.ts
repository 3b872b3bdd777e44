/** One input or output of a graph. */
export interface TensorInfo {
  readonly name: string;
  /** ONNX Runtime's name of the element type; `other` for one that no segmenter uses. */
  readonly type: string;
  /** Sides; null where the graph takes any. */
  readonly dims: readonly (number | null)[];
}

/** What a graph takes and gives, by which models are told apart. */
export interface Signature {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}

export function named(tensors: readonly TensorInfo[], name: string): TensorInfo | undefined {
  return tensors.find((tensor) => tensor.name === name);
}

/** The first of several names that there is. */
export function firstNamed(tensors: readonly TensorInfo[], names: readonly string[]): TensorInfo | undefined {
  for (const name of names) {
    const found = named(tensors, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function hasAll(tensors: readonly TensorInfo[], names: readonly string[]): boolean {
  return names.every((name) => named(tensors, name) !== undefined);
}

/** `image float32[1,3,1024,1024]`, for messages. */
export function describeTensor({ name, type, dims }: TensorInfo): string {
  return `${name} ${type}[${dims.map((dim) => dim ?? '?').join(',')}]`;
}

export function describeTensors(tensors: readonly TensorInfo[]): string {
  const shown = tensors.slice(0, 12).map(describeTensor);
  return shown.join(', ') + (tensors.length > shown.length ? ` and ${tensors.length - shown.length} more` : '');
}
