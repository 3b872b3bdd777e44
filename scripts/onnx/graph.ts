import { ProtobufWriter } from './protobuf';

/** Element types by ONNX's `TensorProto.DataType`. */
export const elementTypes = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float16: 10 } as const;
export type ElementType = keyof typeof elementTypes;

/** A side of a tensor: a number, or a name where the graph takes any. */
export type Dim = number | string;

type Attribute =
  | number
  | bigint
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly graph: OnnxGraph };

interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly Dim[];
}

/**
 * Builds an ONNX model out of operators (onnx.proto of ONNX 1.16, IR version 8) and writes it as bytes, the same bytes for
 * the same calls. Values are named by strings; every operator returns the names of what it makes.
 */
export class OnnxGraph {
  private readonly nodes: ((into: ProtobufWriter) => void)[] = [];
  private readonly inputs: Value[] = [];
  private readonly outputs: Value[] = [];
  private readonly constants: ((into: ProtobufWriter) => void)[] = [];
  private readonly known = new Map<string, string>();
  private names = 0;

  /** @param prefix of the names given to inner values: a subgraph needs one that the graph around it has not. */
  constructor(private readonly prefix = 'v') {}

  input(name: string, type: ElementType, dims: readonly Dim[]): string {
    this.inputs.push({ name, type, dims });
    return name;
  }

  /** Names a value as an output of the model. */
  output(value: string, name: string, type: ElementType, dims: readonly Dim[]): void {
    this.outputs.push({ name, type, dims });
    this.node('Identity', [value], [name], {});
  }

  /** 32-bit floats; equal ones are kept once. */
  floats(values: readonly number[] | Float32Array, dims: readonly number[] = [values.length]): string {
    const data = Float32Array.from(values);
    return this.constant('float32', dims, new Uint8Array(data.buffer));
  }

  float(value: number): string {
    return this.floats([value], []);
  }

  /** 64-bit whole numbers, as shapes and axes are. */
  ints(values: readonly number[], dims: readonly number[] = [values.length]): string {
    const data = BigInt64Array.from(values, (value) => BigInt(value));
    return this.constant('int64', dims, new Uint8Array(data.buffer));
  }

  int(value: number): string {
    return this.ints([value], []);
  }

  /** @param raw little-endian elements. */
  constant(type: ElementType, dims: readonly number[], raw: Uint8Array): string {
    const key = `${type} ${dims.join('x')} ${Buffer.from(raw).toString('latin1')}`;
    const before = this.known.get(key);
    if (before !== undefined) return before;
    const name = this.fresh();
    this.known.set(key, name);
    this.constants.push((into) => {
      for (const dim of dims) into.int(1, dim);
      into.int(2, elementTypes[type]).text(8, name).bytes(9, raw);
    });
    return name;
  }

  /** One operator with one result. An empty name stands for an optional input that is left out. */
  op(type: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const [result = ''] = this.ops(type, inputs, 1, attributes);
    return result;
  }

  /** One operator with several results. */
  ops(
    type: string,
    inputs: readonly string[],
    results: number,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): readonly string[] {
    const names = Array.from({ length: results }, () => this.fresh());
    this.node(type, inputs, names, attributes);
    return names;
  }

  /** The model as the bytes of an `.onnx` file. */
  finish(opset = 17): Uint8Array {
    return new ProtobufWriter()
      .int(1, 8)
      .text(2, 'saccade')
      .message(7, (graph) => this.write(graph))
      .message(8, (imported) => imported.text(1, '').int(2, opset))
      .finish();
  }

  private write(into: ProtobufWriter): void {
    for (const node of this.nodes) into.message(1, node);
    into.text(2, 'graph');
    for (const constant of this.constants) into.message(5, constant);
    for (const value of this.inputs) into.message(11, (info) => writeValue(info, value));
    for (const value of this.outputs) into.message(12, (info) => writeValue(info, value));
  }

  private node(
    type: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
  ): void {
    this.nodes.push((into) => {
      for (const input of inputs) into.text(1, input);
      for (const output of outputs) into.text(2, output);
      into.text(4, type);
      for (const [name, value] of Object.entries(attributes))
        into.message(5, (attribute) => writeAttribute(attribute, name, value, (graph, inner) => graph.write(inner)));
    });
  }

  private fresh(): string {
    return `${this.prefix}${this.names++}`;
  }
}

function writeValue(into: ProtobufWriter, { name, type, dims }: Value): void {
  into.text(1, name).message(2, (typed) =>
    typed.message(1, (tensor) =>
      tensor.int(1, elementTypes[type]).message(2, (shape) => {
        for (const dim of dims)
          shape.message(1, (side) => (typeof dim === 'number' ? side.int(1, dim) : side.text(2, dim)));
      }),
    ),
  );
}

function writeAttribute(
  into: ProtobufWriter,
  name: string,
  value: Attribute,
  writeGraph: (graph: OnnxGraph, into: ProtobufWriter) => void,
): void {
  into.text(1, name);
  if (typeof value === 'number' || typeof value === 'bigint') into.int(3, value).int(20, 2);
  else if (typeof value === 'string') into.text(4, value).int(20, 3);
  else if ('float' in value) into.float(2, value.float).int(20, 1);
  else if ('graph' in value) into.message(6, (inner) => writeGraph(value.graph, inner)).int(20, 5);
  else {
    for (const item of value) into.int(8, item);
    into.int(20, 7);
  }
}
