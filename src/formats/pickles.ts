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

/**
 * Why the pickles of RefCOCO, RefCOCO+ and RefCOCOg (`refs(unc).p`; Python 2, `lichengunc/refer`) are not opened, with Python that
 * makes of them a file that is; null for every other name.
 */
export function referPickleTrouble(name: string): string | null {
  if (!/\.p$/i.test(name)) return null;
  const stem = fileStem(name).replace(/[^\w-]+/g, '_') || 'refs';
  return [
    'This is a Python pickle: loading one runs whatever code it holds, so Saccade never does. If you trust it, make a file of ' +
      'JSON lines of it, with the boxes of the instances.json beside it:',
    `import json, pickle; refs = pickle.load(open(${JSON.stringify(name)}, "rb"), encoding="latin1")`,
    'coco = json.load(open("instances.json")); boxes = {a["id"]: a["bbox"] for a in coco["annotations"]}; files = {i["id"]: i["file_name"] for i in coco["images"]}',
    'corners = lambda b: [b[0], b[1], b[0] + b[2], b[1] + b[3]]',
    `with open(${JSON.stringify(`${stem}.jsonl`)}, "w") as out:`,
    '    for r in refs:',
    '        for s in r["sentences"]:',
    '            json.dump({"image": files[r["image_id"]], "problem": s["sent"], "solution": corners(boxes[r["ann_id"]]), "split": r["split"]}, out); out.write("\\n")',
  ].join('\n');
}
