import type { DatasetAction } from '../protocol/datasetEditor';
import type { RolloutsAction } from '../protocol/rollouts';

/**
 * Every name the manifest and the code share. A command without a handler does not compile (`CommandHandlers`), and a test
 * holds these tables against package.json and package.nls.json.
 */

export const extensionId = 'saccade.saccade';

export const viewTypes = { rollouts: 'saccade.rollouts', dataset: 'saccade.dataset' } as const;

export const views = { runs: 'saccade.runs' } as const;

/** Actions of the rollouts editor, offered as commands so that users can bind keys of their own to them. */
export const actionCommands = {
  nextRollout: 'saccade.rollouts.nextRollout',
  previousRollout: 'saccade.rollouts.previousRollout',
  nextGroup: 'saccade.rollouts.nextGroup',
  previousGroup: 'saccade.rollouts.previousGroup',
  firstRollout: 'saccade.rollouts.firstRollout',
  lastRollout: 'saccade.rollouts.lastRollout',
  nextRegion: 'saccade.rollouts.nextRegion',
  previousRegion: 'saccade.rollouts.previousRegion',
  zoomToRegion: 'saccade.rollouts.zoomToRegion',
  fit: 'saccade.rollouts.fit',
  actualSize: 'saccade.rollouts.actualSize',
  zoomIn: 'saccade.rollouts.zoomIn',
  zoomOut: 'saccade.rollouts.zoomOut',
  toggleRaw: 'saccade.rollouts.toggleRaw',
  colourTokens: 'saccade.rollouts.colourTokens',
  toggleChain: 'saccade.rollouts.toggleChain',
  toggleMeant: 'saccade.rollouts.toggleMeant',
  nextChainStep: 'saccade.rollouts.nextChainStep',
  previousChainStep: 'saccade.rollouts.previousChainStep',
  toggleAllSiblings: 'saccade.rollouts.toggleAllSiblings',
  toggleTruth: 'saccade.rollouts.toggleTruth',
  toggleHelp: 'saccade.rollouts.toggleHelp',
  showFrames: 'saccade.rollouts.showFrames',
  chooseTool: 'saccade.rollouts.chooseTool',
  showProblems: 'saccade.rollouts.showProblems',
  toggleOverview: 'saccade.rollouts.toggleOverview',
  thenAndNow: 'saccade.rollouts.thenAndNow',
  clearSelection: 'saccade.rollouts.clearSelection',
  filterSearch: 'saccade.rollouts.filterSearch',
  filterAdd: 'saccade.rollouts.filterAdd',
  filterSql: 'saccade.rollouts.filterSql',
  filterMalformed: 'saccade.rollouts.filterMalformed',
  filterRepaired: 'saccade.rollouts.filterRepaired',
  filterTruncated: 'saccade.rollouts.filterTruncated',
  filterZeroVariance: 'saccade.rollouts.filterZeroVariance',
  filterClear: 'saccade.rollouts.filterClear',
  filterRefresh: 'saccade.rollouts.filterRefresh',
  filterSave: 'saccade.rollouts.filterSave',
  filterSaved: 'saccade.rollouts.filterSaved',
  sort: 'saccade.rollouts.sort',
  labelWrong: 'saccade.rollouts.labelWrong',
  labelNeutral: 'saccade.rollouts.labelNeutral',
  labelRight: 'saccade.rollouts.labelRight',
  labelNone: 'saccade.rollouts.labelNone',
  firstError: 'saccade.rollouts.firstError',
  nextTurn: 'saccade.rollouts.nextTurn',
  previousTurn: 'saccade.rollouts.previousTurn',
  setReward: 'saccade.rollouts.setReward',
  editTags: 'saccade.rollouts.editTags',
  editRationale: 'saccade.rollouts.editRationale',
  editBoxes: 'saccade.rollouts.editBoxes',
  revertBox: 'saccade.rollouts.revertBox',
  editGroupTags: 'saccade.rollouts.editGroupTags',
  editStepRationale: 'saccade.rollouts.editStepRationale',
  rankHigher: 'saccade.rollouts.rankHigher',
  rankLower: 'saccade.rollouts.rankLower',
  prefer: 'saccade.rollouts.prefer',
  toggleReviewed: 'saccade.rollouts.toggleReviewed',
  toggleExcluded: 'saccade.rollouts.toggleExcluded',
  toggleGroupExcluded: 'saccade.rollouts.toggleGroupExcluded',
  filterDiffers: 'saccade.rollouts.filterDiffers',
  showScore: 'saccade.rollouts.showScore',
  scoreAll: 'saccade.rollouts.scoreAll',
  pythonReward: 'saccade.rollouts.pythonReward',
  saveProfile: 'saccade.rollouts.saveProfile',
  copyLink: 'saccade.rollouts.copyLink',
  saveView: 'saccade.rollouts.saveView',
  saveHtml: 'saccade.rollouts.saveHtml',
  showGroup: 'saccade.rollouts.showGroup',
  showTiles: 'saccade.rollouts.showTiles',
  showDiff: 'saccade.rollouts.showDiff',
  diffMenu: 'saccade.rollouts.diffMenu',
  nextUnreviewed: 'saccade.rollouts.nextUnreviewed',
  previousUnreviewed: 'saccade.rollouts.previousUnreviewed',
  reviewAndNext: 'saccade.rollouts.reviewAndNext',
  reviewGroup: 'saccade.rollouts.reviewGroup',
  reviewMenu: 'saccade.rollouts.reviewMenu',
  reviewAll: 'saccade.rollouts.reviewAll',
  reviewSpread: 'saccade.rollouts.reviewSpread',
  reviewDiffers: 'saccade.rollouts.reviewDiffers',
  reviewFlips: 'saccade.rollouts.reviewFlips',
  propose: 'saccade.rollouts.propose',
  sampleGroup: 'saccade.rollouts.sampleGroup',
  segment: 'saccade.rollouts.segment',
  acceptMask: 'saccade.rollouts.acceptMask',
  undoClick: 'saccade.rollouts.undoClick',
  redoClick: 'saccade.rollouts.redoClick',
  nextCandidate: 'saccade.rollouts.nextCandidate',
  previousCandidate: 'saccade.rollouts.previousCandidate',
  segmentHover: 'saccade.rollouts.segmentHover',
  segmentClicks: 'saccade.rollouts.segmentClicks',
  segmentBrush: 'saccade.rollouts.segmentBrush',
  segmentEraser: 'saccade.rollouts.segmentEraser',
  segmentPolygon: 'saccade.rollouts.segmentPolygon',
  rerunClicks: 'saccade.rollouts.rerunClicks',
  branchClicks: 'saccade.rollouts.branchClicks',
  toggleMasks: 'saccade.rollouts.toggleMasks',
} as const satisfies { readonly [A in RolloutsAction]: `saccade.rollouts.${A}` };

/** Actions of the dataset editor. */
export const datasetCommands = {
  openImage: 'saccade.dataset.openImage',
  closeImage: 'saccade.dataset.closeImage',
  propose: 'saccade.dataset.propose',
  nextImage: 'saccade.dataset.nextImage',
  previousImage: 'saccade.dataset.previousImage',
  toggleBoxes: 'saccade.dataset.toggleBoxes',
  toggleList: 'saccade.dataset.toggleList',
  larger: 'saccade.dataset.larger',
  smaller: 'saccade.dataset.smaller',
  selectAll: 'saccade.dataset.selectAll',
  clearSelection: 'saccade.dataset.clearSelection',
  search: 'saccade.dataset.search',
  addFilter: 'saccade.dataset.addFilter',
  sql: 'saccade.dataset.sql',
  clearFilter: 'saccade.dataset.clearFilter',
  saveFilter: 'saccade.dataset.saveFilter',
  savedFilters: 'saccade.dataset.savedFilters',
  sort: 'saccade.dataset.sort',
  group: 'saccade.dataset.group',
  findDuplicates: 'saccade.dataset.findDuplicates',
  toggleStatistics: 'saccade.dataset.toggleStatistics',
  showProblems: 'saccade.dataset.showProblems',
  chooseFolder: 'saccade.dataset.chooseFolder',
  exportImages: 'saccade.dataset.exportImages',
  toggleHelp: 'saccade.dataset.toggleHelp',
} as const satisfies { readonly [A in DatasetAction]: `saccade.dataset.${A}` };

export const commands = {
  open: 'saccade.open',
  openDataset: 'saccade.openDataset',
  alwaysOpen: 'saccade.alwaysOpen',
  openSamples: 'saccade.openSamples',
  openAsText: 'saccade.openAsText',
  export: 'saccade.export',
  showLog: 'saccade.showLog',
  installCli: 'saccade.installCli',
  restart: 'saccade.restart',
  setPolicyKey: 'saccade.setPolicyKey',
  reviewQueue: 'saccade.reviewQueue',
  segmentation: 'saccade.segmentation.show',
  addSegmentationModel: 'saccade.addSegmentationModel',
  simulateClicks: 'saccade.simulateClicks',
  downloadCuda: 'saccade.downloadCuda',
  refreshRuns: 'saccade.runs.refresh',
  proposeRegions: 'saccade.proposeRegions',
  runPolicy: 'saccade.runPolicy',
  policyRuns: 'saccade.policyRuns',
  addPolicy: 'saccade.addPolicy',
  choosePolicy: 'saccade.choosePolicy',
  choosePolicyTrace: 'saccade.choosePolicyTrace',
} as const;

export type CommandId =
  | (typeof commands)[keyof typeof commands]
  | (typeof actionCommands)[keyof typeof actionCommands]
  | (typeof datasetCommands)[keyof typeof datasetCommands];

/** One handler for every command; arguments come from menus, keybindings and other extensions, so they are unknown. */
export type CommandHandlers = { readonly [K in CommandId]: (...args: readonly unknown[]) => unknown };

export const settings = {
  cacheFolder: 'saccade.cache.folder',
  cacheSizeMB: 'saccade.cache.sizeMB',
  processThreads: 'saccade.process.threads',
  processMemoryMB: 'saccade.process.memoryMB',
  imagesRoots: 'saccade.images.roots',
  imagesDecoder: 'saccade.images.decoder',
  runDatasetFiles: 'saccade.run.datasetFiles',
  runPromptKey: 'saccade.run.promptKey',
  runImageKey: 'saccade.run.imageKey',
  annotationsAuthor: 'saccade.annotations.author',
  annotationsAfterFirstError: 'saccade.annotations.afterFirstError',
  rewardsProfiles: 'saccade.rewards.profiles',
  rewardsPython: 'saccade.rewards.python',
  rewardsPythonLimit: 'saccade.rewards.pythonLimitSeconds',
  policies: 'saccade.policies',
  samplingGroupSize: 'saccade.sampling.groupSize',
  samplingRegions: 'saccade.sampling.regions',
  segmentationModels: 'saccade.segmentation.models',
  segmentationModel: 'saccade.segmentation.model',
  segmentationDevice: 'saccade.segmentation.device',
  segmentationDeviceIndex: 'saccade.segmentation.deviceIndex',
  segmentationDeviceMemoryMB: 'saccade.segmentation.deviceMemoryMB',
  segmentationCudaLibraries: 'saccade.segmentation.cudaLibraries',
} as const;

export const contexts = {
  /** Keyboard focus is on the canvas of the active Saccade editor. */
  canvasFocus: 'saccade.canvasFocus',
  /** Paths of text files that were recognised as traces; menus test `resourcePath in saccade.traces`. */
  traces: 'saccade.traces',
  /** The same of text files that are image sets. */
  imageSets: 'saccade.imageSets',
  /** The workspace was searched and holds no trace: the Runs view says how to get one. */
  noRuns: 'saccade.noRuns',
} as const;
