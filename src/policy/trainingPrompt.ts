import { join } from 'node:path';
import type { TrainingTask } from '../core/dataset/trainingSamples';
import { readTemplate } from './templateFile';

const files: Readonly<Record<Exclude<TrainingTask, 'question'>, string>> = {
  detection: 'task-detection.txt',
  'detection-image': 'train-detection-image.txt',
  'sense-detection': 'sense-detection.txt',
  'sense-question': 'sense-question.txt',
};

/** The prompt that samples of a task are asked with; a question is asked as it is. @param folder of the templates that ship. */
export async function trainingPrompt(task: TrainingTask, folder: string): Promise<string> {
  return task === 'question' ? '{question}\n{options}' : readTemplate(join(folder, files[task]));
}
