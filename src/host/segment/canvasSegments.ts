import * as vscode from 'vscode';
import { UserError } from '../../core/text/userError';
import type { CanvasPrompt, CanvasSegmentMethods, ModelChoice, SegmentReply } from '../../protocol/canvasSegment';
import { ChannelError, type Handlers } from '../../protocol/channel';
import type { ModelInfo } from '../../protocol/segment';
import type { Children } from '../children';
import { messageOf } from '../failures';
import { modelPaths } from '../settings';

const chosenKey = 'saccade.segmentation.chosen';
/** Reasons that are told; more say no more. */
const mostReasons = 5;

/**
 * Segmentation for the canvases of a window: which models there are, which one was used last, and prompts on the way to the process
 * that answers them. A page names an image by its number, and a model by an id that was offered: neither is ever a path of its own.
 * In a workspace that is not trusted there are the built-in models alone: a model is a program.
 */
export class CanvasSegments {
  private known: ReadonlyMap<string, ModelInfo> = new Map();
  private pages = 0;

  constructor(
    private readonly children: Children,
    private readonly state: vscode.Memento,
  ) {}

  /** The methods for one page. `fileOf` answers with the absolute path of the image of a number. */
  handlers(fileOf: (image: number, signal: AbortSignal) => Promise<string>): Handlers<CanvasSegmentMethods> {
    const page = ++this.pages;
    return {
      'segment/models': () => this.models(),
      'segment/choose': async ({ model }) => {
        await this.state.update(chosenKey, model);
        return null;
      },
      'segment/run': async (prompt, signal) => {
        await this.check(prompt.model);
        const image = await fileOf(prompt.image, signal);
        return this.run(prompt, image, `page ${page} ${prompt.lane}`, signal);
      },
      'segment/prepare': async ({ image, crop, model }, signal) => {
        await this.check(model);
        const path = await fileOf(image, signal);
        const request = { image: path, crop, model, urgency: 'visible' } as const;
        const { timings } = await this.answered(this.children.inference.embed(request, signal));
        return { total: timings.total };
      },
      'segment/restart': async () => {
        await this.children.inference.restart();
        return null;
      },
    };
  }

  async models(): Promise<ModelChoice> {
    const { inference } = this.children;
    const models = [...(await inference.builtInModels())];
    const reasons: string[] = [];
    for (const path of vscode.workspace.isTrusted ? modelPaths() : []) {
      try {
        const found = await inference.findModels(path);
        models.push(...found.models);
        if (found.models.length === 0) reasons.push(...found.refused.map(({ reason }) => reason));
      } catch (error) {
        if (!UserError.is(error)) throw error;
        reasons.push(error.message);
      }
    }
    this.known = new Map(models.map((model) => [model.id, model]));
    const last = this.state.get<unknown>(chosenKey);
    const chosen = typeof last === 'string' && this.known.has(last) ? last : (models[0]?.id ?? '');
    const trouble = reasons.length === 0 ? null : reasons.slice(0, mostReasons).join('\n');
    return { models: [...this.known.values()], chosen, trouble };
  }

  private async run(prompt: CanvasPrompt, image: string, lane: string, signal: AbortSignal): Promise<SegmentReply> {
    const { inference } = this.children;
    const { crop, model, clicks, box, previous } = prompt;
    try {
      return {
        answer: await this.answered(inference.segment({ image, crop, model, clicks, box, previous, lane }, signal)),
      };
    } catch (error) {
      if (inference.childState !== 'failed') throw error;
      return { down: vscode.l10n.t('Segmentation ended too often and was not started again.') };
    }
  }

  /** A crash loses the request, never an annotation. */
  private async answered<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      if (!ChannelError.is(error) || error.code !== 'disposed') throw error;
      throw new UserError(
        vscode.l10n.t('The process that segments ended while it worked ({0}). Try again.', messageOf(error)),
      );
    }
  }

  private async check(model: string): Promise<void> {
    if (!this.known.has(model)) await this.models();
    if (!this.known.has(model)) throw new UserError(vscode.l10n.t('The model {0} is no longer there.', model));
  }
}
