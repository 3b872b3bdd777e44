import { fileStem } from './paths';

/** How Python loads what is saved under an ending, compound ones first: torch's checkpoints and dumps, plain pickles. */
const loaders: readonly { readonly ending: string; readonly load: (name: string) => string }[] = [
  { ending: '.pkl.gz', load: (name) => `import gzip, json, pickle; data = pickle.load(gzip.open(${name}))` },
  { ending: '.pkl', load: (name) => `import json, pickle; data = pickle.load(open(${name}, "rb"))` },
  { ending: '.pickle', load: (name) => `import json, pickle; data = pickle.load(open(${name}, "rb"))` },
  { ending: '.pth', load: (name) => `import json, torch; data = torch.load(${name}, "cpu", weights_only=False)` },
  { ending: '.pt', load: (name) => `import json, torch; data = torch.load(${name}, "cpu", weights_only=False)` },
];

/**
 * Why a file of such a name is not opened, with two lines of Python that make one of it that is (keys as slime names
 * them); null for every other name. Nothing is ever unpickled.
 */
export function pickleTrouble(name: string): string | null {
  const loader = loaders.find(({ ending }) => name.toLowerCase().endsWith(ending));
  if (loader === undefined) return null;
  const stem = fileStem(name.slice(0, name.length - loader.ending.length)) || 'rollouts';
  const step = /^\d{1,9}$/.test(stem) ? Number(stem) : 0;
  const row = `{"input": str(s["prompt"]), "output": s["response"], "score": s["reward"], "step": ${step}}`;
  return [
    'This is a Python pickle: loading one runs whatever code it holds, so Saccade never does. If you trust it, make ' +
      'a file of JSON lines of it; the keys are those of slime, others differ:',
    loader.load(JSON.stringify(name)),
    `open(${JSON.stringify(`${stem}.jsonl`)}, "w").writelines(json.dumps(${row}) + "\\n" for s in data["samples"])`,
  ].join('\n');
}
