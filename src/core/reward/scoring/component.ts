import type { RewardInput } from './rewardInput';

/** Where a formula comes from; shown beside every number it gives. */
export interface RewardSource {
  /** Paper with section, or repository, file and commit. */
  readonly text: string;
  readonly status: 'paper' | 'code' | 'guess' | 'user' | 'log';
}

/** A number, or why there is none: a whole sentence. `note` says what was assumed on the way. */
export type Scored =
  | { readonly kind: 'value'; readonly value: number; readonly note?: string }
  | { readonly kind: 'missing'; readonly reason: string };

export type Parameter = number | string;

/** A parameter of a reward with its visible default. */
export interface ParameterSpec {
  readonly name: string;
  readonly value: Parameter;
  /** Allowed words, for one that is a word. */
  readonly words?: readonly string[];
  /** What it is, with where the default stands. */
  readonly about: string;
}

/** A reward by its id, computable from a trace and its ground truth. */
export interface RewardDefinition {
  /** Stable name in profile files: `format.strict`. */
  readonly id: string;
  readonly title: string;
  readonly source: RewardSource;
  readonly parameters: readonly ParameterSpec[];
  /** It asks for what is known only of the whole group (`toolUse`). */
  readonly ofGroup?: true;
  compute(input: RewardInput, parameters: ParameterValues): Scored;
}

/** Values of all parameters of a definition: a profile's, else the defaults. */
export class ParameterValues {
  private readonly values: ReadonlyMap<string, Parameter>;

  constructor(specs: readonly ParameterSpec[], given: Readonly<Record<string, Parameter>>) {
    this.values = new Map(
      specs.map(({ name, value: usual }) => [name, Object.hasOwn(given, name) ? (given[name] ?? usual) : usual]),
    );
  }

  number(name: string): number {
    const value = this.value(name);
    if (typeof value !== 'number') throw new TypeError(`the parameter ${name} is no number`);
    return value;
  }

  word<W extends string>(name: string): W {
    const value = this.value(name);
    if (typeof value !== 'string') throw new TypeError(`the parameter ${name} is no word`);
    return value as W;
  }

  private value(name: string): Parameter {
    const found = this.values.get(name);
    if (found === undefined) throw new TypeError(`there is no parameter ${name}`);
    return found;
  }
}

export function value(number: number, note?: string): Scored {
  return note === undefined ? { kind: 'value', value: number } : { kind: 'value', value: number, note };
}

export function missing(reason: string): Scored {
  return { kind: 'missing', reason };
}
