"""The formulas of active-o3-paper as a trainer's reward function has them: one rollout a call, boxes in NumPy arrays."""
import json
import sys
import time

import numpy as np


def between(text, start, end):
    a = text.find(start)
    b = text.find(end, a + len(start)) if a >= 0 else -1
    return None if b < 0 else text[a + len(start):b]


def format_reward(response):
    answer = between(response, "<answer>", "</answer>")
    if answer is None or between(response, "<think>", "</think>") is None:
        return 0.0
    try:
        objects = json.loads(answer)
    except ValueError:
        return 0.0
    good = isinstance(objects, list) and len(objects) > 0
    return float(good and all(isinstance(o, dict) and len(o.get("bbox_2d", ())) == 4 for o in objects))


def iou(a, b):
    size = np.minimum(a[:, None, 2:], b[None, :, 2:]) - np.maximum(a[:, None, :2], b[None, :, :2])
    shared = np.prod(np.maximum(size, 0), axis=2)
    areas = [np.prod(x[:, 2:] - x[:, :2], axis=1) for x in (a, b)]
    return shared / (areas[0][:, None] + areas[1][None, :] - shared)


def compute_score(response, regions, truth, width, height):
    pairs = iou(regions, regions)[np.triu_indices(len(regions), 1)]
    ratios = np.prod(regions[:, 2:] - regions[:, :2] + 1, axis=1) / (width * height)
    area = float(np.all((ratios >= 0.01) & (ratios <= 0.5)))
    coverage = np.mean(np.any(iou(regions, truth) >= 0.5, axis=0))
    return format_reward(response) + float(np.all(pairs <= 0.3)) + area + coverage


data = json.load(open(sys.argv[1]))
rows = [(s["response"], np.array(s["regions"], float), np.array(s["truth"], float)) for s in data["samples"]]
start = time.perf_counter()
total = sum(compute_score(*row, data["width"], data["height"]) for row in rows)
print((time.perf_counter() - start) * 1e6 / len(rows), total)
