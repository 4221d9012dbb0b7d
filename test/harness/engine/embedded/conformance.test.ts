import { describe, expect, it } from 'vitest';
import { differences } from '../../../k6-golden/compare.mjs';
import { reduce } from '../../../k6-golden/reduce.mjs';
import { goldenScripts, readGolden, runGolden } from './golden-run.ts';

/** Scripts that are not expected to conform, and what they need. One that does conform has to leave this list. */
const NOT_YET: Readonly<Record<string, string>> = {
  '53-sync-groups': 'synchronous style: http.get()',
  '54-sync-batch': 'synchronous style: http.batch()',
  '55-sync-sleep': 'synchronous style: sleep()',
  '56-sync-iteration-throws': 'synchronous style: http.get(), sleep()',
  '59-sync-request-methods': 'synchronous style: http.get() and the other verbs',
  '60-sync-redirects': 'synchronous style: http.get(), http.post()',
  '61-sync-cookies': 'synchronous style: http.get()',
  '62-sync-connection-reuse': 'synchronous style: http.get()',
  '63-sync-no-connection-reuse': 'synchronous style: http.get()',
  '64-sync-retried-request': 'synchronous style: http.get(), http.post()',
};

const AT_ONCE = 2;
const LIMIT_MS = 60_000;

const scripts = await goldenScripts();
const found = startAll(scripts, async (script) => {
  const golden = await readGolden(script);
  return differences(golden.expect, reduce(await runGolden(script, golden.args)));
});

describe('scripts that behave as in k6', () => {
  for (const script of scripts.filter((name) => !(name in NOT_YET))) {
    it(script, { timeout: LIMIT_MS }, async () => {
      expect(await found.get(script)).toEqual([]);
    });
  }
});

describe('scripts that do not yet, each for a known reason', () => {
  for (const [script, reason] of Object.entries(NOT_YET)) {
    it(`${script} (${reason})`, { timeout: LIMIT_MS }, async () => {
      console.info(`not expected to conform yet: ${script}: ${reason}`);
      expect(await found.get(script), 'it conforms: take it off the list').not.toEqual([]);
    });
  }

  it('are scripts that there are', () => {
    expect(scripts).toEqual(expect.arrayContaining(Object.keys(NOT_YET)));
  });
});

/** Works through all names, a few at once, in order. */
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
