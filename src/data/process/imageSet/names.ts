/** Distinct names in the order in which they were first met. */
export class Names {
  readonly list: string[] = [];
  private readonly codes = new Map<string, number>();

  /** The name's index, given now where it is new. */
  code(name: string): number {
    const known = this.codes.get(name);
    if (known !== undefined) return known;
    // A name cut out of a long text would keep all of it alive.
    const own = Buffer.from(name).toString();
    this.codes.set(own, this.list.length);
    return this.list.push(own) - 1;
  }

  find(name: string): number | null {
    return this.codes.get(name) ?? null;
  }

  at(code: number): string | null {
    return this.list[code] ?? null;
  }
}
