const header = /^-{12,13} ?(\d\d-\d\d-\d\d-\d\d-\d{6}) (.+?)(?: -+|-+)$/;
/** A longer line is no header: the pattern is quadratic in runs of dashes. */
const headerLength = 1024;
/** A header that another rank wrote into the middle of a line. */
const buriedHeader = /[^\n-]-{12,13} ?\d\d-\d\d-\d\d-\d\d-\d{6} [^\n]{0,200}reward/i;

/** The line that a record of the R1-V family begins with. */
export interface Header {
  /** Day, hour, minute, second and microsecond as logged. */
  readonly time: string;
  /** `Accuracy reward: 0.5`, `Format reward` … */
  readonly label: string;
}

/** Null for a line that is no header. */
export function headerIn(line: string): Header | null {
  const found = line.length > headerLength ? null : header.exec(line.trimEnd());
  return found === null ? null : { time: found[1] ?? '', label: found[2] ?? '' };
}

/** Whether another record begins inside the text: several ranks append to one file. */
export function holdsHeader(text: string): boolean {
  return buriedHeader.test(text);
}
