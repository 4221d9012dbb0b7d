import { expect, test } from 'vitest';
import { during, mutantIn } from '../fake-wire.ts';
import { testAnswers, testBodies } from '../mutant-tests.ts';

const EVENTS = { body: 'data: a\n\ndata: b\n\n' };

testAnswers({
  'ready-while-ending': [
    [
      { endpoint: 'health', status: 503, phase: during({ action: 'terminated', signal: 'SIGTERM' }) },
      { endpoint: 'health', status: 503, phase: during({ action: 'streams at SIGTERM' }), endingMs: 600 },
      { endpoint: 'health', status: 503, phase: during({ action: 'terminated', signal: 'SIGTERM' }), endingMs: 600 },
      { endpoint: 'health', status: 503, phase: during({ action: 'calls hang at SIGTERM' }), endingMs: 600 },
      { endpoint: 'ask', status: 503, phase: during({ action: 'terminated', signal: 'SIGTERM' }), endingMs: 600 },
    ],
    [503, 503, 200, 200, 503],
  ],
  'new-requests-served-while-ending': [
    [
      { phase: during({ action: 'terminated', signal: 'SIGTERM' }), status: 503 },
      { phase: during({ action: 'terminated', signal: 'SIGTERM' }), status: 503, endingMs: 2_000 },
      { phase: during({ action: 'terminated', signal: 'SIGTERM' }), status: 503, endingMs: 2_000, endpoint: 'health' },
      { phase: during({ action: 'calls hang at SIGTERM' }), status: 503, endingMs: 2_000, tookMs: 499 },
      { phase: during({ action: 'calls hang at SIGTERM' }), status: 503, endingMs: 2_000, tookMs: 500 },
    ],
    [503, 200, 503, 200, 503],
  ],
  'requests-in-progress-fail': [
    [
      { phase: during({ action: 'terminated', signal: 'SIGTERM' }) },
      { phase: during({ action: 'terminated', signal: 'SIGTERM' }), endingMs: 2_000 },
    ],
    [200, 500],
  ],
  'long-requests-in-progress-fail': [
    [
      { endpoint: 'ask', phase: during({ action: 'terminated', signal: 'SIGTERM' }), tookMs: 80 },
      { endpoint: 'ask', phase: during({ action: 'terminated', signal: 'SIGTERM' }), tookMs: 50, endingMs: 800 },
      { endpoint: 'ask', phase: during({ action: 'terminated', signal: 'SIGTERM' }), tookMs: 80, endingMs: 800 },
      { endpoint: 'health', phase: during({ action: 'terminated', signal: 'SIGTERM' }), tookMs: 80, endingMs: 800 },
    ],
    [200, 200, 500, 200],
  ],
});

testBodies([
  ['stream-at-the-end-cut-short', { ...EVENTS, phase: during({ action: 'streams at SIGTERM' }) }, 'data: a\n\n'],
]);

test('new requests are served although an ending service does not accept them', () => {
  const { refused } = mutantIn('new-requests-served-while-ending').hooks;
  const statusOf = (endingMs: number, signal = 'SIGTERM', endpoint = 'ask') =>
    refused?.({ endpoint, phase: during({ action: 'terminated', signal }), endingMs })?.status;
  expect(statusOf(2_000, 'SIGKILL')).toBe(undefined);
  expect(statusOf(2_000, 'SIGTERM', 'health')).toBe(undefined);
  expect([1_400, 1_600].map((ms) => statusOf(ms))).toEqual([undefined, 200]);
  const ready = mutantIn('ready-while-ending').hooks;
  expect(
    ready.refused?.({ endpoint: 'health', phase: during({ action: 'terminated', signal: 'SIGTERM' }), endingMs: 600 })
      ?.status,
  ).toBe(200);
});
