import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../../../core/text/userError';
import type { ModelInfo, ModelsFound } from '../../../protocol/segment';
import { dialectOf, embeddingInputs, sam3Reason } from './dialects';
import { type Manifest, readManifest } from './manifest';
import { type OnnxHeader, readOnnxHeader } from './onnxHeader';
import { feeds, imageInputOf, type Recipe, recipeOf } from './recipe';
import { describeTensors } from './signature';

/** A model that can be run: what people are told of it, and how it is run. */
export interface FoundModel {
  readonly info: ModelInfo;
  readonly recipe: Recipe;
}

export interface Found {
  readonly models: readonly FoundModel[];
  readonly refused: ModelsFound['refused'];
}

interface Graph extends OnnxHeader {
  readonly path: string;
}

/** Transformers.js keeps the graphs of a model in this folder of it. */
const innerFolder = 'onnx';
const mostFiles = 200;
/** As osam names what it downloads; such names tell nothing of which files belong together. */
const hashed = /^sha256[:-][0-9a-f]{64}$/;

/**
 * Models in a folder, or the one that a file belongs to, by the names and shapes of the graphs. Files that are none are told
 * with what they take and make. Throws a `UserError` when there is nothing at the path.
 */
export function findModels(path: string): Found {
  if (!existsSync(path)) throw new UserError(`${path}: there is no such file or folder`);
  const isFile = statSync(path).isFile();
  const folder = isFile ? dirname(path) : graphFolder(path);
  const refused: { path: string; reason: string }[] = [];
  const graphs: Graph[] = [];
  for (const file of onnxFiles(folder)) {
    try {
      graphs.push({ path: file, ...checkedHeader(file) });
    } catch (error) {
      if (!UserError.is(error)) throw error;
      refused.push({ path: file, reason: error.message });
    }
  }
  const manifest = { ...readManifest(dirname(folder)), ...readManifest(folder) };
  const found = pairs(graphs, manifest, refused);
  if (!isFile) return { models: found, refused };
  // A file that somebody picked: its own model, or why it has none.
  const own = found.filter(({ info }) => info.decoder === path || info.encoder === path);
  return { models: own, refused: own.length > 0 ? [] : refused.filter((one) => one.path === path) };
}

function graphFolder(path: string): string {
  const inner = join(path, innerFolder);
  return onnxFiles(path).length === 0 && existsSync(inner) ? inner : path;
}

function onnxFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.toLowerCase().endsWith('.onnx') || hashed.test(name))
    .sort()
    .slice(0, mostFiles)
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

/** The header of a graph whose weights are all there. */
function checkedHeader(path: string): OnnxHeader {
  const header = readOnnxHeader(path);
  for (const name of header.external) {
    if (name.includes('..') || /^([/\\]|[a-z]:)/i.test(name))
      throw new UserError(`its weights are said to be in ${name}, which is not beside it`);
    if (!existsSync(join(dirname(path), name)))
      throw new UserError(`its weights are in ${name}, which is missing beside it`);
  }
  return header;
}

function pairs(
  graphs: readonly Graph[],
  manifest: Manifest,
  refused: { path: string; reason: string }[],
): FoundModel[] {
  const isDecoder = (graph: Graph) =>
    manifest.decoder === undefined ? dialectOf(graph.signature) !== null : basename(graph.path) === manifest.decoder;
  const decoders = graphs.filter(isDecoder);
  const others = graphs.filter((graph) => !decoders.includes(graph));
  const used = new Set<string>();
  const models: FoundModel[] = [];
  for (const decoder of decoders) {
    try {
      const encoder = encoderFor(decoder, others, manifest);
      models.push(modelOf(encoder, decoder, manifest));
      if (encoder !== null) used.add(encoder.path);
    } catch (error) {
      if (!UserError.is(error)) throw error;
      refused.push({ path: decoder.path, reason: error.message });
    }
  }
  for (const { path, signature } of others)
    if (!used.has(path)) refused.push({ path, reason: whyNot(signature, models) });
  return models;
}

function encoderFor(decoder: Graph, others: readonly Graph[], manifest: Manifest): Graph | null {
  if (embeddingInputs(decoder.signature).length === 0) return null;
  const candidates = others.filter(({ path, signature }) =>
    manifest.encoder === undefined
      ? imageInputOf(signature) !== null && feeds(signature, decoder.signature)
      : basename(path) === manifest.encoder,
  );
  if (candidates.length > 1 && hashed.test(basename(decoder.path)))
    throw new UserError(
      `${candidates.length} encoders in the folder could feed it, and hashes for names do not tell which: name one in model.json`,
    );
  const best = candidates.sort((a, b) => likeness(b.path, decoder.path) - likeness(a.path, decoder.path))[0];
  if (best !== undefined) return best;
  throw new UserError(
    `no encoder for it in the folder: it needs ${describeTensors(
      decoder.signature.inputs.filter(({ name }) => embeddingInputs(decoder.signature).includes(name)),
    )}`,
  );
}

/** Letters that two names share at their beginnings and ends: `vision_encoder_fp16` goes with `…decoder_fp16`. */
function likeness(a: string, b: string): number {
  const [one, other] = [basename(a, '.onnx'), basename(b, '.onnx')];
  let head = 0;
  while (head < one.length && one[head] === other[head]) head++;
  let tail = 0;
  while (tail < one.length - head && one.at(-1 - tail) === other.at(-1 - tail)) tail++;
  return head + tail;
}

function modelOf(encoder: Graph | null, decoder: Graph, manifest: Manifest): FoundModel {
  const recipe = recipeOf(encoder?.signature ?? null, decoder.signature, manifest);
  const { dialect, image, feedback, boxes } = recipe;
  const stem = basename(decoder.path, '.onnx');
  return {
    recipe,
    info: {
      id: decoder.path,
      title: manifest.title ?? `${dialect.title}: ${stem}`,
      dialect: dialect.id,
      encoder: encoder?.path ?? null,
      decoder: decoder.path,
      inputSize: image.fit === 'atMost' ? null : image.side,
      feedback,
      boxes,
      precision: image.type,
      bytes: sizeOf(decoder) + (encoder === null ? 0 : sizeOf(encoder)),
    },
  };
}

function sizeOf({ path, external }: Graph): number {
  return [path, ...external.map((name) => join(dirname(path), name))].reduce(
    (sum, file) => sum + statSync(file).size,
    0,
  );
}

function whyNot(signature: Graph['signature'], models: readonly FoundModel[]): string {
  const sam3 = sam3Reason(signature);
  if (sam3 !== null) return sam3;
  const shown = `it takes ${describeTensors(signature.inputs)} and makes ${describeTensors(signature.outputs)}`;
  if (imageInputOf(signature) !== null && models.length === 0)
    return `perhaps an encoder, but no decoder was found beside it: ${shown}`;
  return imageInputOf(signature) !== null && models.length > 0
    ? `no decoder here takes what it makes: ${shown}`
    : `not recognised: ${shown}; a decoder of a SAM export takes image_embeddings, point_coords and point_labels, and docs/models.md lists the others`;
}
