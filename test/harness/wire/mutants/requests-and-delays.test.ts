import { expect, onTestFinished, test, vi } from 'vitest';
import type { WirePhase } from '../../../../harness/wire/wire-phase.ts';
import { after, during, mutantIn } from '../fake-wire.ts';

test.for([
  [
    'retry-too-early',
    during({ action: 'failing', upstream: 'llm', fault: '500', endpoint: 'ask' }),
    during({ action: 'failing', upstream: 'mem', fault: '500', endpoint: 'ask' }),
  ],
  [
    'trial-behind-the-fallback-too-early',
    after({ action: 'fallback outage', endpoint: 'ask' }),
    during({ action: 'fallback outage', endpoint: 'ask' }),
  ],
] as const)('%s calls the upstream once when a request arrives', async ([name, phase, other]) => {
  const { hooks, called } = mutantIn(name);
  const acted = [other, phase, phase].map((one) => hooks.arrive?.({ endpoint: 'ask', phase: one }));
  expect([await Promise.all(acted), called]).toEqual([[false, true, false], ['llm']]);
});

test('a mutant acts in each entry of a phase, whatever names its upstream and endpoint have', async () => {
  const calls = { attempts: 3, on: ['5xx'], never: [] };
  const { hooks, called } = mutantIn('retry-too-early', { upstreams: { 'my llm': { calls } } });
  const data = { action: 'failing', upstream: 'my llm', fault: '500 at once', endpoint: 'ask in full' } as const;
  for (const id of [1, 2]) await hooks.arrive?.({ endpoint: 'ask in full', phase: { id, data, of: undefined } });
  expect(called).toEqual(['my llm', 'my llm']);
});

/** Mutants that do something later: an answer of a phase, and after how long they have let it go, in milliseconds. */
const LATE = [
  ['queue-without-a-timeout', { phase: during({ action: 'crowd', upstream: 'llm' }), status: 503 }, 2_000],
  [
    'stream-kept-open',
    { phase: during({ action: 'failing', upstream: 'llm', fault: 'drip', endpoint: 'ask' }) },
    7_000,
  ],
  ['hung-trial-kept-waiting', { phase: during({ action: 'hung trial', breaker: 'llm' }), status: 504 }, 2_025],
  ['hanging-call-kept-waiting', { phase: undefined, status: 504 }, 820],
  ['hanging-call-kept-waiting', { phase: undefined, status: 503, tookMs: 100 }, 820],
  [
    'hung-trial-kept-waiting',
    { phase: during({ action: 'hung trial', breaker: 'llm' }), status: 503, tookMs: 100 },
    2_025,
  ],
  [
    'answer-delayed-past-its-timeout',
    { phase: during({ action: 'failing', upstream: 'llm', fault: '500', endpoint: 'ask' }), status: 502 },
    16_000,
  ],
  ['slower-in-an-outage', { phase: during({ action: 'hanging' }), endpoint: 'health', tookMs: 300 }, 300],
  ['slow-refusals', { phase: during({ action: 'open' }), status: 503 }, 400],
  ['slow-refusals', { phase: during({ action: 'outage beside', variant: 'with breakers' }), status: 503 }, 1_000],
  [
    'retry-too-late',
    { phase: during({ action: 'failing', upstream: 'llm', fault: '500', endpoint: 'ask' }), status: 502 },
    4_000,
  ],
  ['late-under-load', { phase: during({ action: 'step', rate: 37.5, round: 2 }), endpoint: 'list' }, 500],
  ['late-under-load', { phase: during({ action: 'soak' }), endpoint: 'list' }, 500],
] as const;

test.for(LATE)('%s delays the right answer', async ([name, told, ms]) => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { see, called } = mutantIn(name);
  const seen: string[] = [];
  void see({ ...told, phase: during({ action: 'steady' }) }).then(() => seen.push('other'));
  void see(told).then(() => seen.push('changed'));
  await vi.advanceTimersByTimeAsync(ms - 1);
  expect([seen, called]).toEqual([['other'], []]);
  await vi.advanceTimersByTimeAsync(1);
  expect(seen).toEqual(['other', 'changed']);
  expect(called).toEqual(name === 'retry-too-late' ? ['llm'] : []);
});

test('an upstream gets a retry for a caller who left', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { hooks, called } = mutantIn('retry-for-a-caller-who-left');
  expect(hooks.arrive?.({ endpoint: 'ask', phase: during({ action: 'left', endpoint: 'ask', upstream: 'llm' }) })).toBe(
    false,
  );
  const acted = hooks.arrive?.({
    endpoint: 'ask',
    phase: during({ action: 'left before a retry', endpoint: 'ask', upstream: 'llm' }),
  });
  await vi.advanceTimersByTimeAsync(1_449);
  expect(called).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect([called, await acted]).toEqual([['llm'], true]);
});

test('an upstream gets another request for finished work', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { hooks, called } = mutantIn('finished-work-repeated');
  const arrive = (phase: WirePhase) => hooks.arrive?.({ endpoint: 'ask', phase });
  const work = { endpoint: 'ask', upstream: 'llm' };
  expect(await arrive(after({ action: 'accepts work', ...work }))).toBe(false);
  const acted = arrive(during({ action: 'accepts work', ...work }));
  await vi.advanceTimersByTimeAsync(1_799);
  expect(called).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect([called, await acted]).toEqual([['llm'], true]);
});

test('an upstream gets another call for each caller in a crowd', async () => {
  const { hooks, called } = mutantIn('calls-beyond-the-concurrency');
  expect(await hooks.arrive?.({ endpoint: 'ask', phase: during({ action: 'crowd', upstream: 'llm' }) })).toBe(true);
  expect(hooks.arrive?.({ endpoint: 'ask', phase: during({ action: 'steady' }) })).toBe(false);
  expect(called).toEqual(['llm']);
});

test('the database gets one more connection of the service', async () => {
  const { hooks, called } = mutantIn('connection-beside-the-pool');
  const acted = (['steady', 'locked', 'locked'] as const).map((action) =>
    hooks.arrive?.({ endpoint: 'list', phase: during({ action }) }),
  );
  expect([await Promise.all(acted), called]).toEqual([[false, true, false], ['database']]);
});

test('leaving is hidden only in the phases that are about it', () => {
  const { hidesLeaving } = mutantIn('leaving-hidden').hooks;
  const isHidden = (action: 'left' | 'left again' | 'left before a retry' | 'stays') =>
    hidesLeaving?.({ endpoint: 'ask', phase: during({ action, upstream: 'llm', endpoint: 'ask' }) });
  expect((['left', 'left again', 'left before a retry', 'stays'] as const).map(isHidden)).toEqual([
    true,
    true,
    true,
    false,
  ]);
});
