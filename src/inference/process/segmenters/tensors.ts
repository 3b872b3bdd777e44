import { UserError } from '../../../core/text/userError';
import type { NamedTensor } from '../../segmenter';
import { fromHalves, toHalves } from '../float16';

/** Numbers as a tensor of the type that the graph asks for. */
export function tensorOf(type: string, dims: readonly number[], values: Float32Array): NamedTensor {
  switch (type) {
    case 'float32':
      return { type, dims, data: values };
    case 'float16':
      return { type, dims, data: toHalves(values) };
    case 'int32':
      return { type, dims, data: Int32Array.from(values) };
    case 'int64':
      return { type, dims, data: BigInt64Array.from(values, (value) => BigInt(Math.round(value))) };
    case 'bool':
    case 'uint8':
      return { type, dims, data: Uint8Array.from(values) };
    default:
      throw new UserError(`The model takes numbers of type ${type}, which no segmenter is fed with.`);
  }
}

/** The numbers of a tensor of any type, as floats. */
export function floatsOf({ type, data }: NamedTensor): Float32Array {
  if (data instanceof Float32Array) return data;
  if (type === 'float16' && data instanceof Uint16Array) return fromHalves(data);
  if (data instanceof BigInt64Array) return Float32Array.from(data, Number);
  return Float32Array.from(data as Uint8Array | Int32Array | Uint16Array);
}
