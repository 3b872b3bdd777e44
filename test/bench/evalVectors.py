"""Draws small documents with crowds, equal scores, areas on a bound and more results than count, lets evalPeer evaluate them and
writes test/fixtures/coco/*.json: python3 test/bench/evalVectors.py
"""

import json
import math
import os
import random

import numpy as np
from evalPeer import evaluated

WIDTH, HEIGHT, IMAGES = 96, 80, 10
FOLDER = os.path.join(os.path.dirname(__file__), "..", "fixtures", "coco")


def segmentation(rand, x, y, w, h):
    if rand.random() < 0.6:
        corners = rand.randint(4, 7)
        ring = []
        for i in range(corners):
            angle = 2 * math.pi * (i + rand.random() / 2) / corners
            ring.append(round(x + w / 2 * (1 + math.cos(angle) * rand.uniform(0.7, 1.1)), 2))
            ring.append(round(y + h / 2 * (1 + math.sin(angle) * rand.uniform(0.7, 1.1)), 2))
        corner = [round(v, 1) for v in (x, y, x + w / 3, y, x + w / 3, y + h / 3)]
        return [ring, corner] if rand.random() < 0.3 else [ring]
    x1, y1 = min(int(max(0, x)), WIDTH - 1), min(int(max(0, y)), HEIGHT - 1)
    x2, y2 = min(WIDTH, max(x1 + 1, int(x + w))), min(HEIGHT, max(y1 + 1, int(y + h)))
    columns, rows = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT), indexing="ij")
    inside = (x1 <= columns) & (columns < x2) & (y1 <= rows) & (rows < y2) & ((rows + columns) % 11 != 0)
    flat = np.concatenate([[0], inside.ravel().astype(int)])
    ends = np.flatnonzero(np.diff(flat))
    return {"size": [HEIGHT, WIDTH], "counts": [int(n) for n in np.diff(np.concatenate([[0], ends, [WIDTH * HEIGHT]]))]}


def drawn(seed, masks=False, lvis=False, first=1, **options):
    rand = random.Random(seed)
    categories = [{"id": id, "name": f"kind {id}", "frequency": "rcf"[id % 3]} for id in (7, 3, 12, 5)]
    ids = [category["id"] for category in categories]
    images, annotations, results = [], [], []
    for i in range(IMAGES):
        image = {"id": 100 + (i * 37) % 101, "width": WIDTH, "height": HEIGHT, "file_name": f"{i}.jpg"}
        if lvis:
            image["neg_category_ids"] = [id for id in ids if rand.random() < 0.3]
            image["not_exhaustive_category_ids"] = [id for id in ids if rand.random() < 0.2]
        images.append(image)
    for image in images:
        for id in ids:
            if rand.random() < 0.25:
                continue
            own = {"image_id": image["id"], "category_id": id}
            given = []
            for _ in range(rand.choice([0, 1, 1, 2, 3, 5])):
                w, h = (rand.randint(33, 80), rand.randint(33, 60)) if rand.random() < 0.35 else (rand.randint(3, 40), rand.randint(3, 36))
                if rand.random() < 0.2:
                    w, h = 32, 32
                x, y = rand.randint(0, WIDTH - 4), rand.randint(0, HEIGHT - 4)
                one = {"id": first + len(annotations), **own, "bbox": [x, y, w, h], "iscrowd": int(not lvis and rand.random() < 0.12)}
                one["area"] = w * h if rand.random() < 0.5 else round(w * h * 0.7, 3)
                if lvis and rand.random() < 0.15:
                    one["ignore"] = 1
                if masks:
                    one["segmentation"] = segmentation(rand, x, y, w, h)
                annotations.append(one)
                given.append(one)
            boxes = [(one, rand.choice([0, 0, 0.05, 0.1, 0.2, 0.4])) for one in given for _ in range(rand.choice([0, 1, 1, 2]))]
            boxes += [(None, 0) for _ in range(rand.choice([0, 0, 1, 2, 2 if masks else 14]))]
            for one, noise in boxes:
                x, y, w, h = one["bbox"] if one else (rand.randint(0, 80), rand.randint(0, 60), rand.randint(2, 60), rand.randint(2, 60))
                near = [round(x + rand.uniform(-noise, noise) * w, 2), round(y + rand.uniform(-noise, noise) * h, 2)]
                near += [round(side * (1 + rand.uniform(-noise, noise)), 2) for side in (w, h)]
                result = {**own, "score": round(rand.random(), rand.choice([1, 3]))}
                if masks:
                    result["segmentation"] = one["segmentation"] if one and noise == 0 else segmentation(rand, *near)
                else:
                    result["bbox"] = near
                results.append(result)
    rand.shuffle(results)
    truth = {"images": images, "categories": categories, "annotations": annotations}
    return {"truth": truth, "results": results, "options": {"masks": masks, "lvis": lvis, **options}}


def listed(values):
    return [listed(v) for v in values] if values.ndim else None if np.isnan(values) else float(values)


DOCUMENTS = {
    "boxes": drawn(1),
    "masks": drawn(2, masks=True),
    "lvis": drawn(3, lvis=True),
    # Thresholds and areas as SODA has them; an annotation has the id 0.
    "soda": drawn(4, first=0, thresholds=[0.1, 0.5], areas=[[0, 1024], [0, 144], [144, 400], [400, 1024], [1024, 2000]], maxDetections=[3, 20000]),
}

for name, document in DOCUMENTS.items():
    ap, ar = evaluated(document)
    document["expected"] = {"ap": listed(ap), "ar": listed(ar)}
    with open(os.path.join(FOLDER, f"{name}.json"), "w") as file:
        json.dump(document, file, separators=(",", ":"))
        file.write("\n")
