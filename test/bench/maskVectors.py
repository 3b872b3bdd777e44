"""Prints what pycocotools makes of a thousand random masks and polygons, a JSON line each: `test/fixtures/coco/pycocotools.jsonl`.

    pip install pycocotools==2.0.11
    python test/bench/maskVectors.py > test/fixtures/coco/pycocotools.jsonl

Masks are stated by their rows, polygons by their rings; with either come the compressed runs, the area and the box.
"""

import json
import random

import numpy as np
from pycocotools import mask as coco

numbers = random.Random(2017)


def told(about, rle):
    area, box = int(coco.area(rle)), [int(side) for side in coco.toBbox(rle)]
    print(json.dumps({**about, "size": rle["size"], "counts": rle["counts"].decode(), "area": area, "bbox": box}))


def of_pixels(pixels):
    told({"rows": ["".join(map(str, row)) for row in pixels.tolist()]}, coco.encode(np.asfortranarray(pixels)))


def of_rings(rings, height, width):
    told({"rings": rings}, coco.merge(coco.frPyObjects(rings, height, width)))


def noise(height, width):
    density = numbers.choice([0.02, 0.2, 0.5, 0.9, 0.99])
    cells = [[int(numbers.random() < density) for _ in range(width)] for _ in range(height)]
    return np.array(cells, dtype=np.uint8)


def blobs(height, width):
    pixels = np.zeros((height, width), dtype=np.uint8)
    for _ in range(numbers.randint(1, 4)):
        top, left = numbers.randrange(height), numbers.randrange(width)
        value = int(numbers.random() < 0.7)
        pixels[top : top + numbers.randint(1, height), left : left + numbers.randint(1, width)] = value
    return pixels


def ring(height, width):
    kind = numbers.random()
    digits = numbers.choice([0, 1, 2])

    def side(length):
        if kind < 0.2:
            return round(numbers.uniform(-length, 2 * length), digits)
        if kind < 0.4:
            return float(numbers.randint(0, length))
        return round(numbers.uniform(0, length), digits)

    return [side(width if i % 2 == 0 else height) for i in range(2 * numbers.randint(3, 9))]


for height, width in [(1, 1), (1, 9), (9, 1), (5, 7)]:
    of_pixels(np.zeros((height, width), dtype=np.uint8))
    of_pixels(np.ones((height, width), dtype=np.uint8))
for _ in range(500):
    height, width = numbers.randint(1, 20), numbers.randint(1, 20)
    of_pixels(numbers.choice([noise, blobs])(height, width))
# A point, a line, a ring on the border, one outside, one that is given twice, one turned the other way.
edges = [
    [[5, 5, 5, 5, 5, 5]],
    [[2, 3, 9, 3, 9, 3]],
    [[0, 0, 12, 0, 12, 10, 0, 10]],
    [[20, 20, 30, 20, 30, 30]],
    [[1, 1, 6, 1, 6, 6], [1, 1, 6, 1, 6, 6]],
    [[1, 1, 1, 6, 6, 6, 6, 1]],
    [[0.5, 0.5, 1.5, 0.5, 1.5, 1.5, 0.5, 1.5]],
    [[-0.4, 3, 3, 3, 3, 6.49]],
]
for rings in edges:
    of_rings(rings, 10, 12)
for _ in range(500):
    height, width = numbers.randint(1, 60), numbers.randint(1, 60)
    of_rings([ring(height, width) for _ in range(numbers.choice([1, 1, 2, 3]))], height, width)
