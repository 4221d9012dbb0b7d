import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runWarmEngine, said } from '../engine-process.ts';

const FOLDER = fileURLToPath(new URL('../scripts/html/', import.meta.url));

// The expected lines were written by k6 v2.2.0 for the same scripts.
test.each(['selection', 'elements'])('k6/html: every %s method returns what it returns in k6', async (name) => {
  const run = await runWarmEngine(['run', '--log-format', 'json', `${FOLDER}${name}.js`], FOLDER);
  const recorded = await readFile(`${FOLDER}${name}.txt`, 'utf8');
  expect(said(run)).toEqual(recorded.trimEnd().split('\n'));
});
