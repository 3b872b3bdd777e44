import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { countsOf, pixelsOfRuns, runsOfPixels } from '../../src/core/mask/cocoMask';
import { runsOf } from '../../src/core/mask/rle';
import { against, type BenchRow, timed } from './bench';

const side = 4096;
const times = 7;

/** Seven disks, whose borders cross every column some times. */
function disks(): Uint8Array {
  const pixels = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      for (let disk = 0; disk < 7; disk++) {
        const [cx, cy, r] = [300 + disk * 560, 400 + ((disk * 1337) % 3300), 250 + disk * 30];
        if ((x - cx) ** 2 + (y - cy) ** 2 < r * r) pixels[y * side + x] = 1;
      }
    }
  }
  return pixels;
}

/** Times COCO's C code on the same picture, which it wants column by column. */
const program = `
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "maskApi.h"
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e3 + t.tv_nsec / 1e6; }
int main(void) {
  const siz n = ${side};
  byte *columns = malloc(n * n);
  for (siz y = 0; y < n; y++) for (siz x = 0; x < n; x++) {
    byte in = 0;
    for (long d = 0; d < 7; d++) { long dx = (long)x - 300 - d * 560, dy = (long)y - 400 - (d * 1337) % 3300, r = 250 + d * 30; if (dx * dx + dy * dy < r * r) in = 1; }
    columns[x * n + y] = in;
  }
  double encode = 1e9, decode = 1e9;
  char *text = 0;
  for (int i = 0; i < ${times}; i++) {
    RLE r; double start = now();
    rleEncode(&r, columns, n, n, 1); free(text); text = rleToString(&r);
    if (now() - start < encode) encode = now() - start;
    rleFree(&r);
  }
  for (int i = 0; i < ${times}; i++) {
    RLE r; double start = now();
    rleFrString(&r, text, n, n); rleDecode(&r, columns, 1);
    if (now() - start < decode) decode = now() - start;
    rleFree(&r);
  }
  printf("%f %f %s", encode, decode, text);
  return 0;
}`;

/** COCO's `maskApi.c` built with the system's compiler from `SACCADE_PEERS`; null without the one or the other. */
function coco(): { readonly encode: number; readonly decode: number; readonly text: string } | null {
  const peers = process.env.SACCADE_PEERS;
  if (peers === undefined) return null;
  const dir = mkdtempSync(join(tmpdir(), 'saccade-coco-'));
  try {
    const source = resolve(peers, 'coco');
    writeFileSync(join(dir, 'time.c'), program);
    const built = spawnSync('cc', [
      '-O3',
      `-I${source}`,
      '-o',
      join(dir, 'time'),
      join(dir, 'time.c'),
      join(source, 'maskApi.c'),
      '-lm',
    ]);
    if (built.status !== 0) return null;
    const { stdout } = spawnSync(join(dir, 'time'), { encoding: 'utf8', maxBuffer: 2 ** 26 });
    const [encode = '', decode = '', text = ''] = stdout.split(' ');
    return { encode: Number(encode), decode: Number(decode), text };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** A mask of 4096² pixels, row by row, to COCO's string and back, beside COCO's own C code on the same mask column by column. */
export async function maskRows(): Promise<BenchRow[]> {
  const pixels = disks();
  const text = countsOf(runsOfPixels(pixels, side, side));
  const encode = await least(() => countsOf(runsOfPixels(pixels, side, side)));
  const decode = await least(() => pixelsOfRuns(runsOf(text, [side, side]), side, side));
  const c = coco();
  if (c === null)
    return [
      { metric: '4096² mask to COCO', value: encode, unit: 'ms' },
      { metric: '4096² mask from COCO', value: decode, unit: 'ms' },
    ];
  if (c.text !== text) throw new Error('COCO writes the mask otherwise');
  return [
    { ...against('4096² mask to COCO, beside its C code', encode, 'ms', c.encode), ok: encode <= 1.5 * c.encode },
    { ...against('4096² mask from COCO, beside its C code', decode, 'ms', c.decode), ok: decode <= 1.5 * c.decode },
  ];
}

/** As the C program takes it: the least of several, which other work on the machine disturbs least. */
async function least(work: () => unknown): Promise<number> {
  const taken: number[] = [];
  for (let run = 0; run < times; run++) taken.push((await timed(work))[0]);
  return Math.min(...taken);
}
