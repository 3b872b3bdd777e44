"""OpenCV's GrabCut, driven by clicks from standard input. Messages both ways are a line of JSON, then raw bytes.

  {"image": [width, height]} + rgba          begins a picture; no answer
  {"clicks": [[x, y, positive]], "box": null | [x1, y1, x2, y2]}
                                              answers {"ms": …} + mask, one byte a pixel

Works on a picture whose long side is `side` pixels. Pixels around a click are surely object or background; a disk around each
positive click is probably object, the rest probably background, the rim of the picture surely. With a box all inside is
probably object, all outside surely not. Of the result only pieces with a positive click are kept.
"""
import json
import sys
import time

import cv2
import numpy as np

side = int(sys.argv[1]) if len(sys.argv) > 1 else 256
probable_radius = 0.12
sure_radius = 2
rounds = 3
cv2.setNumThreads(2)


def read_exactly(count):
    data = sys.stdin.buffer.read(count)
    if len(data) != count:
        sys.exit(0)
    return data


def seeds(shape, scale, clicks, box):
    height, width = shape
    mask = np.full((height, width), cv2.GC_PR_BGD, np.uint8)
    if box is None:
        mask[[0, -1], :] = cv2.GC_BGD
        mask[:, [0, -1]] = cv2.GC_BGD
        for x, y, positive in clicks:
            if positive:
                radius = int(probable_radius * max(height, width))
                cv2.circle(mask, (int(x * scale), int(y * scale)), radius, cv2.GC_PR_FGD, -1)
    else:
        x1, y1, x2, y2 = (int(round(value * scale)) for value in box)
        mask[:] = cv2.GC_BGD
        mask[max(0, y1):y2, max(0, x1):x2] = cv2.GC_PR_FGD
    for x, y, positive in clicks:
        value = cv2.GC_FGD if positive else cv2.GC_BGD
        cv2.circle(mask, (int(x * scale), int(y * scale)), sure_radius, value, -1)
    return mask


def kept(mask, clicks):
    positive = [(x, y) for x, y, sign in clicks if sign]
    if not positive:
        return mask
    _, labels = cv2.connectedComponents(mask, connectivity=4)
    wanted = {labels[y, x] for x, y in positive} - {0}
    return np.isin(labels, list(wanted)).astype(np.uint8) if wanted else mask


def segment(image, size, clicks, box):
    height, width = image.shape[:2]
    mask = seeds((height, width), width / size[0], clicks, box)
    known = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD))
    if known.any() and not known.all():
        cv2.setRNGSeed(1)
        models = np.zeros((1, 65)), np.zeros((1, 65))
        cv2.grabCut(image, mask, None, *models, rounds, cv2.GC_INIT_WITH_MASK)
    found = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.float32)
    return kept((cv2.resize(found, tuple(size)) > 0.5).astype(np.uint8), clicks)


image, size = None, (0, 0)
for line in iter(sys.stdin.buffer.readline, b""):
    message = json.loads(line)
    if "image" in message:
        size = message["image"]
        pixels = np.frombuffer(read_exactly(size[0] * size[1] * 4), np.uint8).reshape(size[1], size[0], 4)[..., :3]
        scale = min(1.0, side / max(size))
        wanted = max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
        image = np.ascontiguousarray(cv2.resize(pixels, wanted, interpolation=cv2.INTER_AREA))
        continue
    start = time.process_time()
    mask = segment(image, size, message["clicks"], message["box"])
    taken = (time.process_time() - start) * 1000
    sys.stdout.buffer.write(json.dumps({"ms": taken}).encode() + b"\n" + mask.tobytes())
    sys.stdout.buffer.flush()
