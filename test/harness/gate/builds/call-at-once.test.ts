import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { median } from '../../../../harness/base/median.ts';
import {
  type AtOnceOptions,
  arrive,
  saturate,
  saturateTogether,
} from '../../../../harness/gate/builds/call-at-once.ts';
import type { Callee } from '../../../../harness/gate/builds/call-pairs.ts';
import { REAL_TIME } from '../../../support/real-time.ts';
import { runningBuild } from './running-build.ts';

interface Build {
  readonly callee: Callee;
  readonly seen: string[];
  most: number;
}

/** A build that takes some time for each call, and serves at most so many at once. */
async function build(ms: number, room = Number.POSITIVE_INFINITY, status = 200): Promise<Build> {
  const seen: string[] = [];
  const waiting: (() => void)[] = [];
  let inside = 0;
  let open = 0;
  const started: Build = { callee: undefined as never, seen, most: 0 };
  const callee = await runningBuild(async (path) => {
    seen.push(path.replace(/gate-.*/, ''));
    open += 1;
    started.most = Math.max(started.most, open);
    if (inside >= room) await new Promise<void>((resolve) => waiting.push(resolve));
    inside += 1;
    await sleep(ms);
    inside -= 1;
    open -= 1;
    waiting.shift()?.();
    return status;
  });
  return Object.assign(started, { callee });
}

const options: AtOnceOptions = {
  endpoints: ['one', 'two'],
  random: Math.random,
  signal: new AbortController().signal,
};

const both = (own: Build, other: Build) =>
  new Map([
    ['own', own.callee],
    ['other', other.callee],
  ] as const);

test('at saturation, a build that serves half as many calls at once takes twice as long', REAL_TIME, async () => {
  const [own, other] = [await build(50, 2), await build(50, 4)];
  const { perCall, unserved, calls } = await saturate(both(own, other), 8, options);
  expect(perCall.get('own')?.length).toBeGreaterThanOrEqual(3);
  // 50 ms for two calls, and for four. On a busy machine, some take longer.
  expect(Math.min(...(perCall.get('own') ?? []))).toBeGreaterThan(24);
  expect(Math.min(...(perCall.get('other') ?? []))).toBeLessThan(24);
  expect([own.most, other.most]).toEqual([8, 8]);
  // All builds get the same calls: those that are counted, and those of the first slice.
  expect(own.seen.length).toBe(calls + 8);
  expect(other.seen.toSorted()).toEqual(own.seen.toSorted());
  expect([...unserved]).toEqual([
    ['own', 0],
    ['other', 0],
  ]);
});

test('slow calls are as many at once as fast ones, in fewer slices', REAL_TIME, async () => {
  const [own, other] = [await build(400), await build(400)];
  const { perCall, calls } = await saturate(both(own, other), 8, options);
  expect([own.most, other.most, calls]).toEqual([8, 8, 24]);
  expect(perCall.get('own')).toHaveLength(3);
});

test('a call that is refused is counted, and is not served', REAL_TIME, async () => {
  const builds = both(await build(1, 8, 503), await build(1, 8));
  const { unserved, calls } = await saturate(builds, 4, options);
  expect([...unserved]).toEqual([
    ['own', calls],
    ['other', 0],
  ]);
});

test('if no build serves any call, no durations are returned', REAL_TIME, async () => {
  const builds = both(await build(1, 8, 503), await build(1, 8, 503));
  const { perCall, unserved, calls } = await saturate(builds, 4, options);
  expect([...perCall.values()]).toEqual([[], []]);
  expect([...unserved.values()]).toEqual([calls, calls]);
  expect(await saturateTogether(builds, 4, options)).toEqual(new Map());
});

test('together, both builds are called at the same time', REAL_TIME, async () => {
  const began = performance.now();
  const perCall = await saturateTogether(both(await build(100, 2), await build(100, 4)), 4, options);
  const elapsed = performance.now() - began;
  const [own = 0, other = 0] = [...perCall.values()].map((ms) => 12 * ms);
  // 12 calls take 6 × 100 ms and 3 × 100 ms, or a little longer.
  expect(own).toBeGreaterThan(590);
  expect(elapsed).toBeLessThan(own + other);
});

test(
  'calls arrive at their times whether earlier ones were answered or not, and their waiting counts',
  REAL_TIME,
  async () => {
    const [own, other] = [await build(10, 1), await build(10)];
    const { served, unserved, calls } = await arrive(both(own, other), 200, options);
    expect(own.seen.length).toBe(calls);
    expect(other.seen.toSorted()).toEqual(own.seen.toSorted());
    // 7 slices of 200 ms.
    expect(calls).toBeGreaterThan(220);
    expect(calls).toBeLessThan(360);
    const usual = (side: 'own' | 'other') => median((served.get(side) ?? []).map(({ ms }) => ms));
    expect(usual('own')).toBeGreaterThan(2 * usual('other'));
    expect([...unserved.values()]).toEqual([0, 0]);
  },
);

test('nothing is called after the signal is aborted', REAL_TIME, async () => {
  const [own, other] = [await build(1), await build(1)];
  await arrive(both(own, other), 100, { ...options, signal: AbortSignal.abort('over') });
  expect([...own.seen, ...other.seen]).toEqual([]);
});
