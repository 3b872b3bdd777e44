import { iconButton } from '../../ui/iconButton';
import { type MenuItem, showMenu } from '../../ui/menu';
import type { EditStore } from '../edit/editStore';
import type { FindStore } from '../find/findStore';
import type { KeyAction } from '../keys';
import { difficultyMenu } from './difficultyMenu';
import { importScores } from './importScores';
import { sampleMenu } from './sampleMenu';
import { ThresholdBar } from './thresholdBar';

/** Choosing images by numbers: thresholds, samples, difficulty, and tables with more numbers. */
export class Curate {
  readonly threshold: ThresholdBar;
  /** Opens the menu of all of it, and is what menus open beside. */
  readonly button: HTMLButtonElement;

  constructor(
    private readonly find: FindStore,
    private readonly edits: EditStore,
  ) {
    this.threshold = new ThresholdBar(find, edits);
    this.button = iconButton({ icon: 'beaker', label: 'Curate', onClick: () => this.menu() });
  }

  /** False for other actions. */
  perform(action: KeyAction): boolean {
    const { find, threshold, button } = this;
    switch (action) {
      case 'threshold':
        void threshold.toggle();
        return true;
      case 'sampleImages':
        void sampleMenu({ find, threshold, anchor: button });
        return true;
      case 'difficulty':
        void difficultyMenu(button, find, this.edits);
        return true;
      case 'importScores':
        void importScores({ find, threshold });
        return true;
      default:
        return false;
    }
  }

  private menu(): void {
    const item = (label: string, note: string, action: KeyAction): MenuItem => ({
      kind: 'item',
      label,
      note,
      run: () => void this.perform(action),
    });
    showMenu(this.button, 'Curate', [
      item('Threshold…', 'Shift+T', 'threshold'),
      item('Sample…', 'Shift+R', 'sampleImages'),
      item('Difficulty…', 'Shift+D', 'difficulty'),
      { kind: 'line' },
      item('Import Scores…', 'Shift+I', 'importScores'),
    ]);
  }
}
