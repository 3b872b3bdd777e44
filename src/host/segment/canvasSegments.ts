import * as vscode from 'vscode';
import { UserError } from '../../core/text/userError';
import type { CanvasPrompt, CanvasSegmentMethods, ModelChoice, SegmentReply } from '../../protocol/canvasSegment';
import { ChannelError, type Handlers } from '../../protocol/channel';
import type { ModelInfo, SegmentRequest } from '../../protocol/segment';
import type { Children } from '../children';
import { messageOf } from '../failures';
import { commands, settings } from '../ids';
import { rememberModel, usableModels } from '../models/chooseModel';
import { segmentationModel } from '../settings';

/** Reasons that are told; more say no more. */
const mostReasons = 5;

/**
 * Segmentation for the canvases of a window: prompts on the way to the process that answers them. A page names an image by its number, and
 * a model by an id that was offered: neither is ever a path of its own. In a workspace that is not trusted there are the built-in models
 * alone: a model is a program.
 */
export class CanvasSegments implements vscode.Disposable {
  private known: ReadonlyMap<string, ModelInfo> = new Map();
  private pages = 0;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly watching: vscode.Disposable;

  /** Which models there are, or which one is used, may have changed. */
  readonly onChange = this.changed.event;

  constructor(private readonly children: Children) {
    this.watching = vscode.workspace.onDidChangeConfiguration((change) => {
      const touched = [settings.segmentationModels, settings.segmentationModel];
      if (touched.some((id) => change.affectsConfiguration(id))) this.changed.fire();
    });
  }

  dispose(): void {
    this.watching.dispose();
    this.changed.dispose();
  }

  /**
   * The methods for one page. `fileOf` answers with the absolute path of the image of a number; `upright` whether the page counts
   * in images turned as EXIF says.
   */
  handlers(
    fileOf: (image: number, signal: AbortSignal) => Promise<string>,
    upright: () => Promise<boolean> = () => Promise.resolve(false),
  ): Handlers<CanvasSegmentMethods> {
    const page = ++this.pages;
    return {
      'segment/models': () => this.models(),
      'segment/choose': async ({ model }) => {
        await this.check(model);
        await rememberModel(model);
        return null;
      },
      'segment/addModel': async () => {
        await vscode.commands.executeCommand(commands.addSegmentationModel);
        return null;
      },
      'segment/run': async (prompt, signal) => {
        await this.check(prompt.model);
        const image = await fileOf(prompt.image, signal);
        return this.run(prompt, { image, upright: await upright() }, `page ${page} ${prompt.lane}`, signal);
      },
      'segment/prepare': async ({ image, crop, model }, signal) => {
        await this.check(model);
        const path = await fileOf(image, signal);
        const request = { image: path, upright: await upright(), crop, model, urgency: 'visible' } as const;
        const { timings } = await this.answered(this.children.inference.embed(request, signal));
        return { total: timings.total };
      },
      'segment/restart': async () => {
        await this.children.inference.restart();
        return null;
      },
    };
  }

  private async models(): Promise<ModelChoice> {
    const trusted = vscode.workspace.isTrusted;
    const { models, problems } = trusted
      ? await usableModels(this.children)
      : { models: await this.children.inference.builtInModels(), problems: [] };
    this.known = new Map(models.map((model) => [model.id, model]));
    const wanted = segmentationModel();
    const chosen = this.known.has(wanted) ? wanted : (models[0]?.id ?? '');
    const trouble = problems.length === 0 ? null : problems.slice(0, mostReasons).join('\n');
    return { models: [...models], chosen, trouble };
  }

  private async run(
    prompt: CanvasPrompt,
    image: Pick<SegmentRequest, 'image' | 'upright'>,
    lane: string,
    signal: AbortSignal,
  ): Promise<SegmentReply> {
    const { inference } = this.children;
    const { crop, model, clicks, box, previous } = prompt;
    const request = { ...image, crop, model, clicks, box, previous, lane };
    try {
      return { answer: await this.answered(inference.segment(request, signal)) };
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
