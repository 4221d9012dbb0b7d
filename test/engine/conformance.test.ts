import { test } from 'vitest';
import { differences } from '../k6-golden/compare.mjs';
import { reduce } from '../k6-golden/reduce.mjs';
import { beside } from '../support/alone.ts';
import { goldenScripts, readGolden, runGolden } from './golden-run.ts';

test.concurrent.for(await goldenScripts())('%s behaves as in k6', async (script, { expect, task }) => {
  const measure = () => differencesOf(script);
  // A test that is measured again is alone already.
  expect(await (task.result?.retryCount ? measure() : beside(measure))).toEqual([]);
});

async function differencesOf(script: string): Promise<string[]> {
  const golden = await readGolden(script);
  return differences(golden.expect, reduce(await runGolden(script, golden.args)));
}
