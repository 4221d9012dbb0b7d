import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { upstreamFaults } from '../../../faults/kinds/index.ts';

test.each([
  ['file', 'faults/kinds', '.ts'],
  ['test', 'test/faults/kinds', '.test.ts'],
])('each kind of fault has a %s with its name', async (_, folder, suffix) => {
  const names = (await readdir(folder))
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length));
  expect(names.filter((name) => name !== 'index').toSorted()).toEqual([...upstreamFaults.keys()].toSorted());
});
