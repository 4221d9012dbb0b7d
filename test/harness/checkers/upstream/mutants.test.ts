import { expect, onTestFinished, test, vi } from 'vitest';
import type { WirePhase } from '../../../../harness/wire/wire-phase.ts';
import { after, during, mutantIn, SERVED } from '../fake-wire.ts';
import {
  testAnswers,
  testAnswersInstead,
  testArrivals,
  testBodies,
  testCalls,
  testDelays,
  testIdle,
} from '../mutant-tests.ts';

const EVENTS = { body: 'data: a\n\ndata: b\n\n' };
const RESCUED = during({ action: 'rescued', upstream: 'llm', fault: '500', failures: 1, endpoint: 'ask' });
const COMPLETE = { body: String(SERVED.body) };

testAnswers({
  'failure-hidden-by-a-made-up-success': [
    [
      { phase: during({ action: 'steady' }), status: 502 },
      { phase: during({ action: 'failing', upstream: 'llm', fault: '500', endpoint: 'ask' }), status: 502 },
    ],
    [502, 200],
  ],
  'rescued-call-refused': [
    [
      { phase: during({ action: 'steady' }) },
      { phase: RESCUED },
      { phase: RESCUED, endpoint: 'health' },
      { phase: RESCUED },
    ],
    [200, 502, 200, 502],
  ],
  'bad-certificate-hidden-by-a-made-up-success': [
    [
      { phase: during({ action: 'failing', upstream: 'llm', fault: '500', endpoint: 'ask' }), status: 502 },
      {
        phase: during({ action: 'impostor', upstream: 'llm', certificate: 'expired', endpoint: 'cached' }),
        status: 502,
      },
    ],
    [502, 200],
  ],
  'slow-call-given-up-early': [
    [
      { phase: during({ action: 'too late', breaker: 'llm' }) },
      { phase: during({ action: 'in time', breaker: 'llm' }) },
    ],
    [200, 504],
  ],
  'health-fails': [
    [
      { phase: during({ action: 'open' }) },
      { phase: during({ action: 'steady' }), endpoint: 'health' },
      { phase: during({ action: 'open' }), endpoint: 'health' },
    ],
    [200, 200, 503],
  ],
  'refusal-after-callers-left': [
    [
      { phase: after({ action: 'left in trial', breaker: 'llm' }) },
      { phase: after({ action: 'left', endpoint: 'ask', upstream: 'llm' }) },
      { phase: after({ action: 'left', endpoint: 'ask', upstream: 'llm' }) },
    ],
    [200, 503, 200],
  ],
});

testAnswersInstead({
  'one-caller-at-a-time': [
    [
      { phase: during({ action: 'crowd', upstream: 'llm' }) },
      { phase: during({ action: 'crowd', upstream: 'llm' }) },
      { phase: during({ action: 'crowd of streams', upstream: 'llm' }) },
      { phase: during({ action: 'steady' }) },
    ],
    [undefined, 503, undefined, undefined],
  ],
});

testCalls([
  ['upstream-call-duplicated', { phase: during({ action: 'endpoint', endpoint: 'ask' }) }],
  [
    'upstream-call-duplicated',
    { phase: during({ action: 'failing', upstream: 'llm', fault: '500', endpoint: 'ask' }), status: 502 },
  ],
  ['connection-for-each-call', { phase: during({ action: 'one after another', upstream: 'llm' }) }],
  [
    'certificate-accepted',
    { phase: during({ action: 'impostor', upstream: 'llm', certificate: 'expired', endpoint: 'ask' }), status: 502 },
  ],
]);

testArrivals([
  [
    'retry-too-early',
    during({ action: 'failing', upstream: 'llm', fault: '500', endpoint: 'ask' }),
    during({ action: 'failing', upstream: 'mem', fault: '500', endpoint: 'ask' }),
  ],
]);

testDelays([
  ['queue-without-a-timeout', { phase: during({ action: 'crowd', upstream: 'llm' }), status: 503 }, 2_000],
  [
    'stream-kept-open',
    { phase: during({ action: 'failing', upstream: 'llm', fault: 'drip', endpoint: 'ask' }) },
    7_000,
  ],
  ['hanging-call-kept-waiting', { phase: undefined, status: 504 }, 820],
  ['hanging-call-kept-waiting', { phase: undefined, status: 503, tookMs: 100 }, 820],
  [
    'answer-delayed-past-its-timeout',
    { phase: during({ action: 'failing', upstream: 'llm', fault: '500', endpoint: 'ask' }), status: 502 },
    17_500,
  ],
  ['slower-in-an-outage', { phase: during({ action: 'hanging' }), endpoint: 'health', tookMs: 300 }, 300],
  [
    'retry-too-late',
    { phase: during({ action: 'failing', upstream: 'llm', fault: '500', endpoint: 'ask' }), status: 502 },
    4_000,
    ['llm'],
  ],
]);

testBodies([
  ['stream-without-its-end', { ...COMPLETE, phase: during({ action: 'endpoint', endpoint: 'ask' }) }, 'data: a\n\n'],
  [
    'stream-without-its-end',
    { ...COMPLETE, phase: during({ action: 'failing', upstream: 'llm', fault: '500', endpoint: 'ask' }) },
    'data: a\n\n',
  ],
  [
    'stream-without-its-end',
    { ...EVENTS, phase: during({ action: 'failing', upstream: 'llm', fault: 'cut', endpoint: 'ask' }) },
    EVENTS.body,
  ],
  [
    'failed-stream-ends-as-if-complete',
    { ...EVENTS, phase: during({ action: 'failing', upstream: 'llm', fault: 'cut', endpoint: 'ask' }) },
    'data: a\n\ndata: [DONE]\n\n',
  ],
]);

const STEADY = during({ action: 'steady' });
const IMPOSTOR = during({ action: 'impostor', upstream: 'llm', certificate: 'expired', endpoint: 'ask' });

testIdle([
  ['hanging-call-kept-waiting', { phase: undefined, status: 503, tookMs: 20 }],
  // The next upstream of the fallback may serve it.
  ['bad-certificate-hidden-by-a-made-up-success', { phase: IMPOSTOR, status: 502 }],
]);

test.each(['certificate-accepted', 'plain-text-after-a-refused-certificate'])(
  '%s acts after trouble, too',
  async (name) => {
    const { see, called } = mutantIn(name);
    const posed = { upstream: 'llm', certificate: 'expired', endpoint: 'ask' };
    await see({ phase: during({ action: 'impostor again', fault: 'timeouts', ...posed }), status: 502 });
    expect(called).toHaveLength(1);
  },
);

test('the other host of a redirect gets a request once in each phase', async () => {
  const { see, called } = mutantIn('redirect-followed-with-credentials');
  const phaseAt = (upstream: string) =>
    during({ action: 'redirected', upstream, fault: '307 to https', endpoint: 'ask' });
  for (const phase of [STEADY, phaseAt('llm'), phaseAt('llm'), phaseAt('mem')])
    expect((await see({ phase, status: 502 })).status).toBe(502);
  expect(called).toEqual(['llm elsewhere', 'mem elsewhere']);
});

test('a retry is not late because of another endpoint that is asked meanwhile', async () => {
  const { see, called } = mutantIn('retry-too-late');
  expect(
    (
      await see({
        phase: during({ action: 'failing', upstream: 'llm', fault: '500', endpoint: 'ask' }),
        endpoint: 'health',
      })
    ).status,
  ).toBe(200);
  expect(called).toEqual([]);
});

test('callers of a volley come back after the same time, and are served', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { hooks, called } = mutantIn('retries-at-the-same-time');
  const volley = during({ action: 'volley', round: 1, upstream: 'llm', endpoint: 'ask' });
  const ask = (phase: WirePhase) => hooks.instead?.({ endpoint: 'ask', phase });
  expect(ask(during({ action: 'steady' }))).toBe(undefined);
  expect(hooks.instead?.({ endpoint: 'health', phase: volley })).toBe(undefined);
  const answers = [volley, volley].map(ask);
  expect(called).toEqual(['llm', 'llm']);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(called.length).toBe(4);
  expect((await Promise.all(answers)).map((answer) => answer?.status)).toEqual([200, 200]);
});

test('a mutant acts in each entry of a phase, whatever names its upstream and endpoint have', async () => {
  const calls = { attempts: 3, on: ['5xx'], never: [] };
  const { hooks, called } = mutantIn('retry-too-early', { upstreams: { 'my llm': { calls } } });
  const data = { action: 'failing', upstream: 'my llm', fault: '500 at once', endpoint: 'ask in full' } as const;
  for (const id of [1, 2]) await hooks.arrive?.({ endpoint: 'ask in full', phase: { id, data, of: undefined } });
  expect(called).toEqual(['my llm', 'my llm']);
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

test('an upstream gets another call for each caller in a crowd', async () => {
  const { hooks, called } = mutantIn('calls-beyond-the-concurrency');
  expect(await hooks.arrive?.({ endpoint: 'ask', phase: during({ action: 'crowd', upstream: 'llm' }) })).toBe(true);
  expect(hooks.arrive?.({ endpoint: 'ask', phase: during({ action: 'steady' }) })).toBe(false);
  expect(called).toEqual(['llm']);
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

test('stream-collected waits for the end of a stream once in each phase', async () => {
  const { act } = mutantIn('stream-collected');
  const relayed = { phase: during({ action: 'relayed stream', endpoint: 'ask', upstream: 'llm' }), ...COMPLETE };
  expect(await act({ ...relayed, phase: during({ action: 'steady' }) })).toBe(undefined);
  expect(String((await act(relayed))?.body)).toBe(COMPLETE.body);
  expect(await act(relayed)).toBe(undefined);
});
