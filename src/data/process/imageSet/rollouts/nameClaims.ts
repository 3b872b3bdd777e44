/** A picture that nobody can look at, and the only image that shares so much of its name. */
export interface NameClaim {
  readonly image: number;
  /** As the trace writes it. */
  readonly name: string;
  /** Last parts that both names share. */
  readonly shared: number;
}

/**
 * Pictures of one trace that claim images by their names. An image belongs to the name that shares the most of its own; where
 * two names share as much it belongs to neither, and where a picture was found to be the image it belongs to no other.
 */
export class NameClaims {
  private readonly claims = new Map<number, Map<string, number>>();

  add({ image, name, shared }: NameClaim): void {
    const names = this.claims.get(image) ?? new Map<string, number>();
    this.claims.set(image, names);
    names.set(name, Math.max(shared, names.get(name) ?? 0));
  }

  /** The picture of that name is known to be the image. */
  own(image: number, name: string | null): void {
    this.add({ image, name: name ?? '', shared: Number.POSITIVE_INFINITY });
  }

  /** Whether the claim stands among those that are known by now. */
  holds({ image, name, shared }: NameClaim): boolean {
    for (const [other, parts] of this.claims.get(image) ?? []) if (other !== name && parts >= shared) return false;
    return true;
  }
}
