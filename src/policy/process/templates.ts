import { join } from 'node:path';
import type { PolicyTask } from '../../core/policy/policyRollout';
import type { PolicySpec } from '../../core/policy/policySpec';
import { readTemplate } from '../templateFile';

/** Prompts of a policy: those that its user points to, else ours. Read anew each time, so that an edit takes effect. */
export class Templates {
  constructor(private readonly folder: string) {}

  sense(spec: PolicySpec, task: PolicyTask): Promise<string> {
    const own = spec.kind === 'server' ? spec.templates.sense : null;
    return readTemplate(own ?? join(this.folder, `sense-${task}.txt`));
  }

  task(spec: PolicySpec, task: PolicyTask): Promise<string> {
    const own = spec.kind === 'server' ? spec.templates.task : null;
    return readTemplate(own ?? join(this.folder, `task-${task}.txt`));
  }

  judge(spec: PolicySpec): Promise<string> {
    const own = spec.kind === 'server' ? spec.templates.judge : null;
    return readTemplate(own ?? join(this.folder, 'judge.txt'));
  }

  /** Ours, for finding an object. */
  detection(): Promise<string> {
    return readTemplate(join(this.folder, 'task-detection.txt'));
  }

  /** Ours, for a thought that a model is told it had. */
  thought(): Promise<string> {
    return readTemplate(join(this.folder, 'thought.txt'));
  }

  /** Null without one: servers' chat templates have their own. */
  async system(spec: PolicySpec): Promise<string | null> {
    const own = spec.kind === 'server' ? spec.templates.system : null;
    return own === null ? null : readTemplate(own);
  }
}
