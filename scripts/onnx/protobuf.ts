/** Protobuf's wire format, as far as writing ONNX files needs it: varints, 32-bit floats and length-delimited fields. */
export class ProtobufWriter {
  private readonly parts: Uint8Array[] = [];
  private length = 0;

  /** A whole number, negative ones in 64-bit two's complement as protobuf's `int64` has them. */
  int(field: number, value: number | bigint): this {
    this.varint((field << 3) | 0);
    this.varint(BigInt.asUintN(64, BigInt(value)));
    return this;
  }

  float(field: number, value: number): this {
    this.varint((field << 3) | 5);
    return this.push(new Uint8Array(Float32Array.of(value).buffer));
  }

  bytes(field: number, value: Uint8Array): this {
    this.varint((field << 3) | 2);
    this.varint(value.length);
    return this.push(value);
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, fill: (inner: ProtobufWriter) => void): this {
    const inner = new ProtobufWriter();
    fill(inner);
    return this.bytes(field, inner.finish());
  }

  finish(): Uint8Array {
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  private push(part: Uint8Array): this {
    this.parts.push(part);
    this.length += part.length;
    return this;
  }

  private varint(value: number | bigint): void {
    const bytes: number[] = [];
    let left = BigInt(value);
    do {
      const low = Number(left & 0x7fn);
      left >>= 7n;
      bytes.push(left === 0n ? low : low | 0x80);
    } while (left !== 0n);
    this.push(Uint8Array.from(bytes));
  }
}
