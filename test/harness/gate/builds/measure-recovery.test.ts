import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Breakable, measureRecovery } from '../../../../harness/gate/builds/measure-recovery.ts';
import { REAL_TIME } from '../../../support/real-time.ts';
import { runningBuild } from './running-build.ts';

/** The fields of the breaker and of the context that a test changes. */
interface Change {
  readonly breaker?: object;
  readonly context?: object;
  readonly servedWithout?: readonly string[];
  readonly refusalMs?: number;
}

/** Starts a build whose endpoint `one` has a breaker that two failures open, until some seconds after the outage. */
async function build(
  openSeconds: number,
  { breaker, context, servedWithout = [], refusalMs = 0 }: Change = {},
): Promise<Breakable> {
  const calls: string[] = [];
  let [isBroken, failures, openUntil] = [false, 0, 0];
  const running = await runningBuild(async () => {
    if (performance.now() < openUntil) {
      if (Number.isFinite(openUntil)) await sleep(refusalMs);
      return 503;
    }
    failures = isBroken ? failures + 1 : 0;
    if (failures >= 2) openUntil = Number.POSITIVE_INFINITY;
    return isBroken ? 502 : 200;
  });
  const llm = {
    upstream: 'groq',
    endpoint: 'one',
    isJudged: true,
    recoverySeconds: 0.1,
    opening: { failures: 2 },
    failures: [{ kind: 'hang' }, { kind: 'status', status: 503 }],
    ...breaker,
  };
  const { one: first, two: second } = running.calling.endpoints;
  return {
    ...running,
    calling: {
      ...running.calling,
      startedByLab: true,
      upstreams: { groq: { protocol: 'http' } },
      breakers: { llm },
      faultEffects: { hang: 'waits', status: 'fails' },
      endpoints: { one: { ...first, servedWithout }, two: second },
      ...context,
    } as unknown as Breakable['calling'],
    fakes: {
      pass: async (method, path, body) => {
        calls.push(`${method} ${path} ${JSON.stringify(body) ?? ''}`.trim());
        isBroken = method === 'post';
        if (!isBroken && failures >= 2) openUntil = performance.now() + openSeconds * 1_000;
        if (!isBroken) {
          expect(calls).toEqual(['post /upstreams/groq/faults {"kind":"status","status":503}', calls[1]]);
          expect(calls[1]).toBe('delete /upstreams/groq/faults');
        }
      },
    },
  };
}

const measure = (own: Breakable, other: Breakable) =>
  measureRecovery(
    new Map([
      ['own', own],
      ['other', other],
    ] as const),
    new AbortController().signal,
  );

test('the time from the end of an outage until calls are served is compared', REAL_TIME, async () => {
  const [measured, refusal, ...others] = await measure(await build(0.2), await build(0.1));
  expect(others).toEqual([]);
  expect(refusal).toMatchObject({ kind: 'refusal', of: 'llm' });
  expect(measured).toMatchObject({ kind: 'recovery', of: 'llm' });
  const { own = 0, other = 0, ratio } = measured ?? {};
  expect(other).toBeGreaterThanOrEqual(100);
  expect(own).toBeGreaterThanOrEqual(200);
  expect(ratio).toBe(own / other);
});

test('the duration of refusals while the breaker is open is compared', REAL_TIME, async () => {
  const [, refusal] = await measure(await build(0.2, { refusalMs: 60 }), await build(0.2));
  expect(refusal?.own).toBeGreaterThanOrEqual(55);
  expect(refusal?.other).toBeLessThan(50);
});

test('a build that does not recover is waited for a limited time', REAL_TIME, async () => {
  const [measured] = await measure(await build(60), await build(0.1));
  expect(measured?.own).toBeGreaterThanOrEqual(350);
});

test('a breaker that was not open has no time to recover', REAL_TIME, async () => {
  expect(await measure(await build(0.1), await build(0))).toEqual([]);
  expect(await measure(await build(0), await build(0.1))).toEqual([]);
});

test.each<[string, Change]>([
  ['is slow', { breaker: { recoverySeconds: 60 } }],
  ['has a time window', { breaker: { opening: { failures: 2, windowSeconds: 1 } } }],
  ['has only failures that take long', { breaker: { failures: [{ kind: 'hang' }] } }],
  ['is opened by repeated calls', { breaker: { isJudged: false } }],
  ['is in front of a TCP server', { context: { upstreams: { groq: { protocol: 'tcp' } } } }],
  ['belongs to a service that runs already', { context: { startedByLab: false } }],
  ['is absent in the other build', { context: { breakers: {} } }],
  ['is hidden by another way to serve its endpoint', { servedWithout: ['groq'] }],
])('a breaker that %s is not compared', REAL_TIME, async (_, change) => {
  expect(await measure(await build(0.1), await build(0.1, change))).toEqual([]);
});
