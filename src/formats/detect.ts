import { activeO3Demo } from './activeO3Demo';
import { activeZero } from './activeZero';
import { areal } from './areal';
import { datasetTable } from './datasetTable';
import { easyR1Generations } from './easyR1Generations';
import type { Detection, FormatId, OpenTarget, TraceFormat } from './format';
import { guiOdyssey } from './guiOdyssey';
import { inspectEval, inspectJson } from './inspectEval';
import { longVt } from './longVt';
import { chainOfFocusEval, deepEyesEval, geoVista, messageArray, messageList, osAtlas } from './messageLists';
import { miniO3 } from './miniO3';
import { miniO3Stats } from './miniO3Stats';
import { omniR1 } from './omniR1';
import { omniR1Frames } from './omniR1Frames';
import { pixelReasoner } from './pixelReasoner';
import { pixelReasonerSamples } from './pixelReasonerSamples';
import { policyTrace } from './policyTrace';
import { preferencePairs, preferencePairsJson, preferencePairsTable } from './preferencePairs';
import { r1vLog } from './r1vLog';
import { rlLoggingBoard } from './rlLoggingBoard';
import { rllmEpisodes } from './rllm';
import { segAgent } from './segAgent';
import { segAgentPredictions } from './segAgentPredictions';
import { skyRlEvals } from './skyRlEvals';
import { prm800k, trlStepwise, trlStepwiseTable } from './stepLabels';
import { swiftCompletions } from './swiftCompletions';
import { trlCompletions } from './trlCompletions';
import { verifiersResults } from './verifiersResults';
import { verifiersTraces } from './verifiersTraces';
import { verlDump } from './verlDump';
import { verlValidation } from './verlValidation';
import { vstar } from './vstar';
import { wandbTable } from './wandbTable';

/** In the order in which signatures are tried: the narrower ones first. */
export const traceFormats: readonly TraceFormat[] = [
  activeO3Demo,
  vstar,
  policyTrace,
  verlDump,
  r1vLog,
  easyR1Generations,
  pixelReasoner,
  pixelReasonerSamples,
  deepEyesEval,
  chainOfFocusEval,
  geoVista,
  osAtlas,
  preferencePairs,
  preferencePairsJson,
  messageList,
  messageArray,
  swiftCompletions,
  miniO3,
  miniO3Stats,
  segAgent,
  segAgentPredictions,
  omniR1,
  omniR1Frames,
  longVt,
  activeZero,
  rlLoggingBoard,
  areal,
  skyRlEvals,
  trlCompletions,
  inspectEval,
  inspectJson,
  guiOdyssey,
  verlValidation,
  wandbTable,
  prm800k,
  trlStepwise,
  trlStepwiseTable,
  preferencePairsTable,
  verifiersResults,
  verifiersTraces,
  rllmEpisodes,
  datasetTable,
];

export function traceFormat(id: FormatId): TraceFormat {
  const found = traceFormats.find((format) => format.id === id);
  if (found === undefined) throw new Error(`no format ${id}`);
  return found;
}

/** The first format whose signature fits; null for everything that is no trace. Reads at most 64 KB a file. */
export async function detectTrace(target: OpenTarget): Promise<Detection | null> {
  for (const format of traceFormats) {
    const found = await format.detect(target);
    if (found !== null) return found;
  }
  return null;
}
