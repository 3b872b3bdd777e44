"""COCO's and LVIS's average precision in numpy, written from their description and as plainly as it goes: what our own is
compared with, by the bench and through test/fixtures/coco (evalVectors.py).

python3 evalPeer.py FILE reads {"truth": COCO document, "results": [...], "options": {...}} and prints the seconds and the mean AP.
"""

import json
import sys
import time

import numpy as np

THRESHOLDS = np.linspace(0.5, 0.95, 10)
RECALLS = np.linspace(0, 1, 101)
AREAS = [(0, 1e10), (0, 32.0**2), (32.0**2, 96.0**2), (96.0**2, 1e10)]


def drawn(segmentation, height, width):
    """A mask as a flat array down the columns."""
    if isinstance(segmentation, dict):
        counts = segmentation["counts"]
        runs = uncompressed(counts) if isinstance(counts, str) else counts
        return np.repeat(np.arange(len(runs)) % 2 == 1, runs)
    return np.any([polygon(np.array(ring, float), height, width) for ring in segmentation], axis=0)


def uncompressed(text):
    runs, at = [], 0
    while at < len(text):
        value, shift, more = 0, 0, True
        while more:
            char = ord(text[at]) - 48
            value |= (char & 31) << shift
            more, at, shift = bool(char & 32), at + 1, shift + 5
        if char & 16:
            value |= -1 << shift
        runs.append(value + (runs[-2] if len(runs) > 2 else 0))
    return runs


def polygon(ring, height, width):
    """COCO's polygons: the outline in fifths of a pixel; where it steps from column to column, the column changes below."""
    xs = np.trunc(5 * ring[0::2] + 0.5).astype(int)
    ys = np.trunc(5 * ring[1::2] + 0.5).astype(int)
    us, vs = [], []
    for i in range(len(xs)):
        x0, y0, x1, y1 = xs[i], ys[i], xs[(i + 1) % len(xs)], ys[(i + 1) % len(xs)]
        dx, dy = abs(x1 - x0), abs(y1 - y0)
        flat = dx >= dy
        flip = x0 > x1 if flat else y0 > y1
        if flip:
            x0, y0, x1, y1 = x1, y1, x0, y0
        steps = np.arange((dx if flat else dy) + 1)
        if flip:
            steps = steps[::-1]
        if flat:
            slope = (y1 - y0) / dx if dx else 0.0
            us.append(steps + x0)
            vs.append(np.trunc(y0 + slope * steps + 0.5).astype(int))
        else:
            slope = (x1 - x0) / dy
            vs.append(steps + y0)
            us.append(np.trunc(x0 + slope * steps + 0.5).astype(int))
    u, v = np.concatenate(us), np.concatenate(vs)
    toggles = np.zeros(height * width + 1, int)
    for j in np.flatnonzero(u[1:] != u[:-1]) + 1:
        x = ((u[j] if u[j] < u[j - 1] else u[j] - 1) + 0.5) / 5 - 0.5
        if x != np.floor(x) or x < 0 or x > width - 1:
            continue
        y = int(np.ceil(min(max((min(v[j], v[j - 1]) + 0.5) / 5 - 0.5, 0), height)))
        toggles[int(x) * height + y] += 1
    return (np.cumsum(toggles)[: height * width] % 2).astype(bool)


def box_ious(found, given, crowd):
    d, g = np.array(found, float).reshape(-1, 4), np.array(given, float).reshape(-1, 4)
    w = np.minimum(d[:, None, 0] + d[:, None, 2], g[None, :, 0] + g[None, :, 2]) - np.maximum(d[:, None, 0], g[None, :, 0])
    h = np.minimum(d[:, None, 1] + d[:, None, 3], g[None, :, 1] + g[None, :, 3]) - np.maximum(d[:, None, 1], g[None, :, 1])
    both = np.where((w > 0) & (h > 0), w * h, 0)
    own = (d[:, 2] * d[:, 3])[:, None]
    union = np.where(np.array(crowd, bool)[None, :], own, own + (g[:, 2] * g[:, 3])[None, :] - both)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(both > 0, both / union, 0)


def mask_ious(found, given, crowd):
    d, g = np.array(found, float), np.array(given, float)
    both = d @ g.T
    own = d.sum(1)[:, None]
    union = np.where(np.array(crowd, bool)[None, :], own, own + g.sum(1)[None, :] - both)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(both > 0, both / union, 0)


def evaluated(document):
    truth, results, options = document["truth"], document["results"], document["options"]
    lvis, masks = options.get("lvis", False), options.get("masks", False)
    most = options.get("maxDetections", [300] if lvis else [1, 10, 100])
    thresholds = np.array(options.get("thresholds", THRESHOLDS))
    areas = options.get("areas", AREAS)
    images = {image["id"]: image for image in truth["images"]}
    categories = sorted(category["id"] for category in truth["categories"])
    given, found = {}, {}
    for annotation in truth["annotations"]:
        one = dict(annotation)
        one["crowd"] = 0 if lvis else annotation.get("iscrowd", 0)
        one["skip"] = annotation.get("ignore", 0) if lvis else one["crowd"]
        given.setdefault((one["category_id"], one["image_id"]), []).append(one)
    results = [dict(result) for result in results]
    if lvis:
        by_image = {}
        for result in results:
            by_image.setdefault(result["image_id"], []).append(result)
        results = [r for rows in by_image.values() for r in (rows if len(rows) <= 300 else sorted(rows, key=lambda r: -r["score"])[:300])]
    has_boxes = "bbox" in results[0]
    for result in results:
        key = (result["category_id"], result["image_id"])
        image = images[result["image_id"]]
        if lvis and key not in given and result["category_id"] not in image["neg_category_ids"]:
            continue
        if masks:
            result["mask"] = drawn(result["segmentation"], image["height"], image["width"])
        result["area"] = result["bbox"][2] * result["bbox"][3] if has_boxes else int(result["mask"].sum())
        result["lenient"] = lvis and result["category_id"] in image["not_exhaustive_category_ids"]
        found.setdefault(key, []).append(result)
    ap = np.full((len(thresholds), len(categories), len(areas), len(most)), np.nan)
    ar = ap.copy()
    for k, category in enumerate(categories):
        cells = []
        for image in sorted(images):
            g = given.get((category, image), [])
            d = sorted(found.get((category, image), []), key=lambda r: -r["score"])[: most[-1]]
            if not g and not d:
                continue
            crowd = [one["crowd"] for one in g]
            if masks and g and d:
                size = images[image]["height"], images[image]["width"]
                ious = mask_ious([one["mask"] for one in d], [drawn(one["segmentation"], *size) for one in g], crowd)
            else:
                ious = box_ious([one["bbox"] for one in d], [one["bbox"] for one in g], crowd) if not masks else np.zeros((len(d), len(g)))
            cells.append((g, d, ious))
        for a, (low, high) in enumerate(areas):
            skips = [[bool(one["skip"]) or one["area"] < low or one["area"] > high for one in g] for g, _, _ in cells]
            wanted = sum(not skip for skip_list in skips for skip in skip_list)
            if wanted == 0:
                continue
            for t, threshold in enumerate(thresholds):
                scores, ranks, states = [], [], []
                for (g, d, ious), skip in zip(cells, skips):
                    taken = set()
                    order = sorted(range(len(g)), key=lambda j: skip[j])
                    for i, one in enumerate(d):
                        best, match = min(threshold, 1 - 1e-10), None
                        for j in order:
                            if j in taken and not g[j]["crowd"]:
                                continue
                            if match is not None and not skip[match] and skip[j]:
                                break
                            if ious[i, j] >= best:
                                best, match = ious[i, j], j
                        if match is not None:
                            taken.add(match)
                            state = "-" if skip[match] else "+" if g[match]["id"] != 0 else "x"
                        else:
                            state = "x"
                        if state == "x" and (one["area"] < low or one["area"] > high or one["lenient"]):
                            state = "-"
                        scores.append(one["score"])
                        ranks.append(i)
                        states.append(state)
                order = np.argsort(-np.array(scores, float), kind="mergesort")
                for m, limit in enumerate(most):
                    kept = [states[i] for i in order if ranks[i] < limit]
                    tp = np.cumsum([state == "+" for state in kept])
                    fp = np.cumsum([state == "x" for state in kept])
                    recall = tp / wanted
                    precision = tp / (tp + fp + np.spacing(1))
                    precision = np.maximum.accumulate(precision[::-1])[::-1] if len(kept) else precision
                    at = np.searchsorted(recall, RECALLS, side="left")
                    ap[t, k, a, m] = np.mean([precision[i] if i < len(kept) else 0 for i in at])
                    ar[t, k, a, m] = recall[-1] if len(kept) else 0
    return ap, ar


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        document = json.load(file)
    start = time.perf_counter()
    ap, ar = evaluated(document)
    print(json.dumps({"seconds": time.perf_counter() - start, "ap": float(np.nanmean(ap[:, :, 0, -1]))}))
