/** Round values between two ends, about `wanted` of them: steps of 1, 2 or 5 times a power of ten. */
export function ticksBetween(low: number, high: number, wanted: number): readonly number[] {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span) || wanted < 1) return [low];
  const power = 10 ** Math.floor(Math.log10(span / wanted));
  const step = ([1, 2, 5, 10].find((factor) => span / (factor * power) <= wanted) ?? 10) * power;
  const ticks: number[] = [];
  // Counted, not added up: sums of 0.1 drift.
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9; i++)
    ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}
