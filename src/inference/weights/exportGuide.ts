import { basename, dirname, join } from 'node:path';

/** How a known checkpoint becomes a model that can be run here: text for a shell, comments included. */
export interface ExportGuide {
  /** Of the model, for people. */
  readonly title: string;
  readonly script: string;
}

const checkpointName = /\.(?:pt|pth|safetensors)$/i;

/** Whether a file of that name holds weights that ONNX Runtime cannot read. */
export function isCheckpoint(path: string): boolean {
  return checkpointName.test(path);
}

/**
 * The commands for a checkpoint that its name tells, as its authors publish it; null for an unknown one. Nothing is read from the file:
 * a checkpoint is a pickle, which could run code.
 * @param path absolute.
 */
export function exportGuide(path: string): ExportGuide | null {
  const name = basename(path).toLowerCase();
  const folder = dirname(path);
  for (const { pattern, guide } of known) {
    const found = pattern.exec(name);
    if (found !== null) return guide({ path, folder, parts: found.slice(1) });
  }
  return name === 'model.safetensors' ? hubGuide(path) : null;
}

interface Checkpoint {
  readonly path: string;
  readonly folder: string;
  /** What the name's pattern caught. */
  readonly parts: readonly (string | undefined)[];
}

interface Known {
  readonly pattern: RegExp;
  guide(checkpoint: Checkpoint): ExportGuide;
}

const samexporter = 'pip install torch torchvision "samexporter[export]"';

const known: readonly Known[] = [
  { pattern: /^mobile_sam\.pt$/, guide: (found) => sam('MobileSAM', 'mobile', 'mobile_sam', found) },
  {
    pattern: /^sam_vit_([blh])(?:_[0-9a-f]{6})?\.pth$/,
    guide: (found) => {
      const [size = 'b'] = found.parts;
      return sam(`SAM ViT-${size.toUpperCase()}`, `vit_${size}`, `sam_vit_${size}`, found);
    },
  },
  {
    pattern: /^(sam2(?:\.1)?)_hiera_(tiny|small|base_plus|large)\.pt$/,
    guide: ({ path, folder, parts: [version = 'sam2', size = 'tiny'] }) => {
      const stem = join(folder, `${version}_${size}`);
      return {
        title: `SAM ${version.slice(3)} ${size}`,
        script: lines(
          'pip install "samexporter[export]" git+https://github.com/facebookresearch/sam2',
          command('python -m samexporter.export_sam2', [
            `--checkpoint ${quoted(path)}`,
            `--output_encoder ${quoted(`${stem}.encoder.onnx`)}`,
            `--output_decoder ${quoted(`${stem}.decoder.onnx`)}`,
            `--model_type ${version}_hiera_${size}`,
          ]),
        ),
      };
    },
  },
  {
    pattern: /^edge_sam(?:_3x)?\.pth$/,
    guide: ({ path }) => ({
      title: 'EdgeSAM',
      script: lines(
        '# Both files are written beside the checkpoint.',
        'git clone https://github.com/chongzhou96/EdgeSAM && cd EdgeSAM && pip install -e . onnx onnxruntime',
        `python scripts/export_onnx_model.py encoder --checkpoint ${quoted(path)} --use-stability-score`,
        `python scripts/export_onnx_model.py decoder --checkpoint ${quoted(path)} --use-stability-score`,
      ),
    }),
  },
  {
    pattern: /^efficient_sam_(vitt|vits)\.pt$/,
    guide: ({ path, parts: [size = 'vitt'] }) => ({
      title: `EfficientSAM ${size === 'vitt' ? 'Ti' : 'S'}`,
      script: lines(
        '# The script exports both sizes, and wants both checkpoints in weights/ (the larger one is there as a zip file).',
        'git clone https://github.com/yformer/EfficientSAM && cd EfficientSAM && pip install torch onnx onnxruntime',
        '(cd weights && unzip -n efficient_sam_vits.pt.zip)',
        `cp ${quoted(path)} weights/`,
        'python export_to_onnx.py',
        `# Then choose weights/efficient_sam_${size}_decoder.onnx.`,
      ),
    }),
  },
  {
    pattern: /^efficientvit_sam_(x?l[0-2])\.pt$/,
    guide: ({ path, folder, parts: [size = 'l0'] }) => {
      const script = 'python applications/efficientvit_sam/deployment/onnx';
      const model = `--model efficientvit-sam-${size}`;
      const output = (part: string) => `--output ${quoted(join(folder, `efficientvit_sam_${size}.${part}.onnx`))}`;
      return {
        title: `EfficientViT-SAM ${size.toUpperCase()}`,
        script: lines(
          'git clone https://github.com/mit-han-lab/efficientvit && cd efficientvit && pip install -e .',
          `mkdir -p assets/checkpoints/efficientvit_sam && cp ${quoted(path)} assets/checkpoints/efficientvit_sam/`,
          command(`${script}/export_encoder.py`, [model, output('encoder')]),
          command(`${script}/export_decoder.py`, [model, output('decoder'), '--return-single-mask']),
        ),
      };
    },
  },
  {
    pattern: /^sam_hq_vit_([blh])\.pth$/,
    guide: ({ path, folder, parts: [size = 'l'] }) => {
      const original = { b: 'sam_vit_b_01ec64.pth', l: 'sam_vit_l_0b3195.pth', h: 'sam_vit_h_4b8939.pth' }[size] ?? '';
      const output = (part: string) => `--output ${quoted(join(folder, `sam_hq_vit_${size}.${part}.onnx`))}`;
      const type = `--model-type vit_${size}`;
      return {
        title: `HQ-SAM ViT-${size.toUpperCase()}`,
        script: lines(
          `# The encoder is that of SAM itself: ${original} has to be beside this checkpoint.`,
          'git clone https://github.com/CVHub520/sam-hq && cd sam-hq && pip install -e . onnx onnxruntime',
          command('python scripts/export_onnx_encoder_model.py', [
            `--sam_checkpoint ${quoted(join(folder, original))}`,
            output('encoder'),
            type,
            '--use-preprocess',
          ]),
          command('python scripts/export_onnx_model.py', [`--checkpoint ${quoted(path)}`, output('decoder'), type]),
        ),
      };
    },
  },
  {
    pattern: /^sam3\.pt$/,
    guide: () => ready('SAM 3', 'onnx-community/sam3-tracker-ONNX', 'Its graphs for clicks have been exported:'),
  },
];

/** A checkpoint in the cache of the Hugging Face hub: `models--facebook--sam-vit-base/snapshots/<revision>/model.safetensors`. */
function hubGuide(path: string): ExportGuide | null {
  const found =
    /models--facebook--(sam-vit-(?:base|large|huge)|sam2(?:\.1)?-hiera-(?:tiny|small|base-plus|large))[\\/]/.exec(path);
  const model = found?.[1];
  if (model === undefined) return null;
  const exported = model.startsWith('sam-vit') ? `Xenova/${model}` : `onnx-community/${model}-ONNX`;
  return ready(model, exported, 'These weights have been exported for transformers.js, which runs here as it is:');
}

function ready(title: string, repository: string, why: string): ExportGuide {
  return {
    title,
    script: lines(
      `# ${why}`,
      'pip install huggingface_hub',
      `hf download ${repository} --include 'onnx/vision_encoder.onnx*' 'onnx/prompt_encoder_mask_decoder.onnx*'`,
      '# It lands in the cache of the Hugging Face hub, where Saccade: Add Segmentation Model finds it.',
    ),
  };
}

function sam(title: string, type: string, stem: string, { path, folder }: Checkpoint): ExportGuide {
  const common = [`--checkpoint ${quoted(path)}`, `--model-type ${type}`];
  const output = (part: string) => `--output ${quoted(join(folder, `${stem}.${part}.onnx`))}`;
  return {
    title,
    script: lines(
      samexporter,
      command('python -m samexporter.export_encoder', [...common, output('encoder'), '--use-preprocess']),
      '# One mask a click; with three to choose from for the first one: without --return-single-mask.',
      command('python -m samexporter.export_decoder', [...common, output('decoder'), '--return-single-mask']),
    ),
  };
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}

function command(program: string, options: readonly string[]): string {
  return [program, ...options].join(' \\\n  ');
}

/** One word for a POSIX shell, whatever is in it. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
