/** Constants of Active-Zero's rewards (`jinghan1he/Active-Zero` at db650b8). */
export const ACCURACY_WEIGHT = 0.9;
export const FORMAT_WEIGHT = 0.1;

/** Solver: 0.9 · accuracy + 0.1 · format. */
export function solverReward(accuracy: number, format: number): number {
  return ACCURACY_WEIGHT * accuracy + FORMAT_WEIGHT * format;
}

/**
 * Questioner and searcher: 0.9 · min(s, 1 − s) + 0.1 · format − penalty, where s is the majority share among the solver's
 * samples: a question is worth most when half of them agree. An invalid question (the solver's score −1) counts −1 in
 * place of the first term's min.
 * @param penalty share of the batch in the item's own cluster; NaN where the batch is not known makes the sum NaN.
 */
export function questionerReward(solverScore: number, format: number, penalty: number): number {
  const calibrated = solverScore < 0 ? -1 : Math.min(solverScore, 1 - solverScore);
  return ACCURACY_WEIGHT * calibrated + FORMAT_WEIGHT * format - penalty;
}

/** Whether a question of this score is kept for training: 0.3–0.8 in `run.sh`. */
export function isRetained(solverScore: number, from = 0.3, to = 0.8): boolean {
  return solverScore >= from && solverScore <= to;
}
