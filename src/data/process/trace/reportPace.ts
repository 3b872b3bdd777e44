/** Milliseconds between two reports of a running scan: short at first, when a window is still empty. */
const firstInterval = 25;
const longestInterval = 250;

/** Tells when a scan reports: the first rows at once, then ever more rarely, down to four times a second. */
export class ReportPace {
  bytesRead = 0;
  private nextReport = 0;
  /** A packed log has no rows for as long as it is unpacked. */
  private nextEmptyReport = performance.now() + longestInterval;
  private interval = firstInterval;

  /** Notes how far the scan is; true when that is to be told now. */
  isDue(bytes: number, empty: boolean): boolean {
    this.bytesRead = bytes;
    const now = performance.now();
    if (now < (empty ? this.nextEmptyReport : this.nextReport)) return false;
    this.nextEmptyReport = now + longestInterval;
    this.nextReport = now + (empty ? 0 : this.interval);
    if (!empty) this.interval = Math.min(this.interval * 2, longestInterval);
    return true;
  }
}
