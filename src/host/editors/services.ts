import type * as vscode from 'vscode';
import type { SidecarPlaces } from '../annotations/sidecarPlaces';
import type { Children } from '../children';
import type { Failures } from '../failures';
import type { Samplings } from '../policies/samplings';
import type { CanvasSegments } from '../segment/canvasSegments';
import type { SavedFilters } from '../traces/savedFilters';
import type { TraceMemory } from '../traces/traceMemory';
import type { SampleWay } from './dataset/rollouts/showSample';

/** What every editor of this window shares. */
export interface EditorServices {
  readonly extensionUri: vscode.Uri;
  readonly children: Children;
  readonly memory: TraceMemory;
  readonly filters: SavedFilters;
  readonly segments: CanvasSegments;
  readonly samplings: Samplings;
  readonly sampleWay: SampleWay;
  /** Folder of the journals of unsaved edits. */
  readonly journals: string;
  readonly places: SidecarPlaces;
  readonly failures: Failures;
  readonly log: vscode.LogOutputChannel;
  /** The extension runs under its own tests: webviews expose their read-only state. */
  readonly underTest: boolean;
  /** True for a trace that ships with the extension. */
  isSample(path: string): boolean;
}
