/** What a table in SQL calls the rows' own numbers: no column has this name. */
export const rowNumberName = ' row';

/** Names of columns as SQL tells them apart: without regard to case. */
export class ColumnNames {
  private readonly taken = new Set<string>([rowNumberName]);

  constructor(reserved: readonly string[]) {
    for (const name of reserved) this.taken.add(name.toLowerCase());
  }

  /** The name as it is, or with a mark behind it where another column has it: `reward (logged)`. */
  give(name: string, mark: 'logged' | 'computed' = 'logged'): string {
    const base = name.trim() === '' ? 'unnamed' : name;
    let given = base;
    for (let i = 1; this.taken.has(given.toLowerCase()); i++)
      given = i === 1 ? `${base} (${mark})` : `${base} (${mark} ${i})`;
    this.taken.add(given.toLowerCase());
    return given;
  }
}
