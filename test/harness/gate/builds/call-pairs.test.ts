import { expect, test } from 'vitest';
import { type Callee, type CallOptions, callPairs } from '../../../../harness/gate/builds/call-pairs.ts';
import { runningBuild } from './running-build.ts';

/** A build that appends its name and each path to `seen`, and answers with a status. */
const build = (name: string, seen: string[], statusOf: (path: string) => number = () => 200): Promise<Callee> =>
  runningBuild((path) => {
    seen.push(`${name} GET ${path}`);
    return statusOf(path);
  });

const both = (own: Callee, other: Callee) =>
  new Map([
    ['own', own],
    ['other', other],
  ] as const);

const options = (change: Partial<CallOptions> = {}): CallOptions => ({
  endpoints: ['one', 'two'],
  most: 2,
  limitMs: 60_000,
  random: () => 0,
  signal: new AbortController().signal,
  ...change,
});

test('both builds get the same calls, one after the other, in random order within a pair', async () => {
  const seen: string[] = [];
  const builds = both(await build('own', seen), await build('other', seen));
  const draws = [0.1, 0.2, 0.9, 0.8, 0.9, 0.8, 0.1, 0.2];
  const done = await callPairs(builds, options({ random: () => draws.shift() ?? 0 }));
  expect(seen.map((line) => line.replace(/gate-.*/, ''))).toEqual([
    'own GET /one/',
    'other GET /one/',
    'other GET /two',
    'own GET /two',
    'other GET /one/',
    'own GET /one/',
    'own GET /two',
    'other GET /two',
  ]);
  expect(done.pairs.map(({ endpoint }) => endpoint)).toEqual(['one', 'two', 'one', 'two']);
  for (const { ms } of done.pairs) expect([...ms.values()].filter((took) => took > 0)).toHaveLength(2);
  expect(done).toMatchObject({ calls: 4, unserved: { own: 0, other: 0 } });
});

test('no name in a request is used again, because builds may share a database and a running service keeps it', async () => {
  const seen: string[] = [];
  const builds = both(await build('', seen), await build('', seen));
  for (let round = 1; round <= 2; round += 1) await callPairs(builds, options({ endpoints: ['one'] }));
  expect(seen).toHaveLength(8);
  expect(new Set(seen).size).toBe(8);
});

test('a call that is not served is counted, and its pair is left out', async () => {
  const own = await build('own', [], (path) => (path === '/two' ? 500 : 200));
  const done = await callPairs(both(own, await build('other', [])), options());
  expect(done.unserved).toEqual({ own: 2, other: 0 });
  const paired = done.pairs.filter(({ ms }) => ms.size === 2);
  expect(paired.map(({ endpoint }) => endpoint)).toEqual(['one', 'one']);
  expect(done.calls).toBe(4);
});

test('a build that is gone does not serve', async () => {
  const own = { ...(await build('own', [])), url: 'http://127.0.0.1:9' };
  expect((await callPairs(both(own, await build('other', [])), options())).unserved).toEqual({ own: 4, other: 0 });
});

test('no pair begins after the time is over or the signal is aborted', async () => {
  const builds = both(await build('own', []), await build('other', []));
  expect((await callPairs(builds, options({ limitMs: 0 }))).calls).toBe(0);
  expect((await callPairs(builds, options({ signal: AbortSignal.abort('over') }))).calls).toBe(0);
});
