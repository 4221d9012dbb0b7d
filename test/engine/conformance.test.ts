import { expect, test } from 'vitest';
import { differences } from '../k6-golden/compare.mjs';
import { reduce } from '../k6-golden/reduce.mjs';
import { goldenScripts, readGolden, runGolden } from './golden-run.ts';

/** They mostly wait: all of them use less than 6 s of the processor. */
const AT_ONCE = 6;

const scripts = await goldenScripts();
const found = startAll(scripts, async (script) => {
  const golden = await readGolden(script);
  return differences(golden.expect, reduce(await runGolden(script, golden.args)));
});

test.for(scripts)('%s behaves as in k6', async (script) => {
  expect(await found.get(script)).toEqual([]);
});

/** Runs an action for each name in order, several at a time. */
function startAll<T>(names: readonly string[], action: (name: string) => Promise<T>): Map<string, Promise<T>> {
  const lanes: Promise<unknown>[] = Array.from({ length: AT_ONCE }, () => Promise.resolve());
  return new Map(
    names.map((name, index) => {
      const result = (lanes[index % AT_ONCE] as Promise<unknown>).then(() => action(name));
      lanes[index % AT_ONCE] = result.catch(() => {});
      return [name, result];
    }),
  );
}
