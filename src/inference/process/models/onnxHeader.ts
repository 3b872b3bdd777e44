import { closeSync, fstatSync, openSync } from 'node:fs';
import { UserError } from '../../../core/text/userError';
import { ProtobufFile, type Range } from './protobufFile';
import type { Signature, TensorInfo } from './signature';

export interface OnnxHeader {
  readonly signature: Signature;
  /** Files beside the model that hold its weights, as it names them. */
  readonly external: readonly string[];
}

/** `TensorProto.DataType` by ONNX Runtime's names. */
const typeNames: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  16: 'bfloat16',
};
/** More inputs or outputs than any model has. */
const mostTensors = 4096;

/**
 * What a model takes and gives, out of its file alone (onnx.proto): ONNX Runtime would load all weights for it, and run
 * whatever the file says. Throws a `UserError` for a file that is no ONNX model.
 */
export function readOnnxHeader(path: string): OnnxHeader {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    return new HeaderReader(new ProtobufFile(file, size)).read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(`${path}: not an ONNX model (${error.message})`);
  } finally {
    closeSync(file);
  }
}

class HeaderReader {
  private readonly inputs: TensorInfo[] = [];
  private readonly outputs: TensorInfo[] = [];
  private readonly weights = new Set<string>();
  private readonly external = new Set<string>();

  constructor(private readonly file: ProtobufFile) {}

  read(): OnnxHeader {
    let graphs = 0;
    for (const { number, range } of this.file.fields({ from: 0, to: this.file.size })) {
      if (number !== 7 || range === null) continue;
      graphs++;
      this.graph(range);
    }
    if (graphs !== 1 || this.outputs.length === 0) throw new RangeError('it holds no graph');
    // Before IR version 4 weights stood among the inputs too.
    const inputs = this.inputs.filter(({ name }) => !this.weights.has(name));
    return { signature: { inputs, outputs: this.outputs }, external: [...this.external] };
  }

  private graph(graph: Range): void {
    for (const { number, range } of this.file.fields(graph)) {
      if (range === null) continue;
      if (number === 5) this.weight(range);
      else if (number === 11) this.push(this.inputs, range);
      else if (number === 12) this.push(this.outputs, range);
    }
  }

  private push(into: TensorInfo[], range: Range): void {
    if (into.length === mostTensors) throw new RangeError(`more than ${mostTensors} inputs or outputs`);
    into.push(this.value(range));
  }

  private weight(tensor: Range): void {
    for (const { number, range } of this.file.fields(tensor)) {
      if (range === null) continue;
      if (number === 8) this.weights.add(this.file.text(range));
      else if (number === 13) this.location(range);
    }
  }

  private location(entry: Range): void {
    let key = '';
    let value = '';
    for (const { number, range } of this.file.fields(entry)) {
      if (range === null) continue;
      if (number === 1) key = this.file.text(range);
      else if (number === 2) value = this.file.text(range);
    }
    if (key === 'location') this.external.add(value);
  }

  private value(info: Range): TensorInfo {
    let name = '';
    let tensor: Pick<TensorInfo, 'type' | 'dims'> = { type: 'other', dims: [] };
    for (const { number, range } of this.file.fields(info)) {
      if (range === null) continue;
      if (number === 1) name = this.file.text(range);
      else if (number === 2)
        for (const kind of this.file.fields(range))
          if (kind.number === 1 && kind.range !== null) tensor = this.tensor(kind.range);
    }
    return { name, ...tensor };
  }

  private tensor(type: Range): Pick<TensorInfo, 'type' | 'dims'> {
    let element = 0;
    const dims: (number | null)[] = [];
    for (const { number, value, range } of this.file.fields(type)) {
      if (number === 1) element = value;
      else if (number === 2 && range !== null)
        for (const side of this.file.fields(range)) if (side.range !== null) dims.push(this.side(side.range));
    }
    return { type: typeNames[element] ?? 'other', dims };
  }

  private side(dim: Range): number | null {
    // An unset side is any, and so is a negative one: its varint is beyond 2^63.
    for (const { number, value } of this.file.fields(dim)) if (number === 1 && value < 2 ** 53) return value;
    return null;
  }
}
