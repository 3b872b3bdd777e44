import * as vscode from 'vscode';
import { settings } from '../ids';

/** Rollouts of a group, and regions of a rollout at most. */
export function groupSettings(): { readonly size: number; readonly regions: number } {
  const config = vscode.workspace.getConfiguration();
  return {
    size: within(config.get(settings.samplingGroupSize), 1024, 8),
    regions: within(config.get(settings.samplingRegions), 32, 3),
  };
}

function within(value: unknown, most: number, usual: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? Math.min(most, Math.max(1, Math.round(value))) : usual;
}
