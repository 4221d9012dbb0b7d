import { expect, test } from 'vitest';
import { streamsAtEnd } from '../../../../harness/checkers/end/streams-at-end.ts';
import type { ActionPhase } from '../../../../harness/contract/phases.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, metric, receipt, request, STRAY, T0 } from '../../../support/history.ts';
import { factsOf, WITHOUT } from './endings.ts';

/** A stream that begins before SIGTERM: its end in milliseconds after SIGTERM, its status, and its last event. */
type Stream = [until: number, status: number, last?: 'done' | 'error' | 'both'];

const BEGUN = 1_700;
const SIGNAL = 2_000;
/** When the upstream sends the rest, in milliseconds after SIGTERM. */
const CONTINUED = 500;
const COMPLETE: Stream = [600, 201, 'done'];
const REPORTED: Stream = [20, 201, 'error'];
const CUT: Stream = [20, 0];
const REFUSED: Stream = [20, 503];

/**
 * Changes of the history: when the stream arrives at the upstream, how long it lasts, whether SIGTERM is sent, and when
 * the upstream is asked to send the rest, in milliseconds after SIGTERM.
 */
interface Ended {
  arrives?: number;
  lasts?: number;
  isSignalled?: boolean;
  askedAt?: number;
}

const STREAMS = { action: 'streams at SIGTERM' } as const;
const ENDLESS = { action: 'calls and streams hang at SIGTERM' } as const;

function historyOf(streams: Stream[], phase: ActionPhase = STREAMS, about = 'stream', ended: Ended = {}): History {
  const { arrives = 1_710, lasts = 900, isSignalled = true, askedAt = CONTINUED } = ended;
  const events = streams.flatMap(([until, status, last], index): HistoryEvent[] => {
    const tags = { phase: '1', about, endpoint: 'conversation-end', caller: String(index) };
    const at = SIGNAL + until;
    return [
      request(BEGUN, at - BEGUN, status, tags),
      ...(last === 'done' || last === 'both' ? [metric('complete_streams', at, 1, tags)] : []),
      ...(last === 'error' || last === 'both' ? [metric('errors_in_streams', at, 1, tags)] : []),
    ];
  });
  return new History([
    begun(1, phase, 0, 0),
    { type: 'fault', at: T0 + 1_500, upstream: 'groq', asked: { healed: 'all' } },
    { type: 'fault', at: T0 + 1_600, upstream: 'groq', asked: { kind: 'slow-first-token' }, id: 'f1' },
    receipt(1, arrives, lasts, 'groq', ['f0:split-chunks', 'f1:slow-first-token']),
    ...events,
    ...(isSignalled ? [{ type: 'service', at: T0 + SIGNAL, event: 'signalled', signal: 'SIGTERM' } as const] : []),
    // Neither lets the streams go on.
    { type: 'fault', at: T0 + SIGNAL, upstream: 'groq', asked: { healed: 'all' } },
    { type: 'fault', at: T0 + SIGNAL + 5, upstream: 'groq', asked: { kind: 'latency' }, id: 'f2' },
    {
      type: 'fault',
      at: T0 + SIGNAL + CONTINUED,
      askedAt: T0 + SIGNAL + askedAt,
      upstream: 'groq',
      asked: { healed: 'all' },
    },
    { type: 'service', at: T0 + SIGNAL + 900, event: 'exited', code: 0, signal: null, asked: true },
  ]);
}

const judged = (streams: Stream[], given = factsOf()) => streamsAtEnd.judge(historyOf(streams), given);
const ERROR = factsOf({ streams: 'error' });

test('streams that are finished pass', () => {
  expect(judged([COMPLETE, COMPLETE, COMPLETE])).toMatchObject([
    {
      check: 'streams in progress at SIGTERM',
      requests: [{ phase: '1', about: 'stream' }],
      observed: '3 streams: 3 × complete',
      verdict: 'PASS',
    },
  ]);
});

test.each<[string, Stream, string]>([
  ['is cut off', CUT, 'cut off'],
  ['just ends', [20, 201], 'an early end without an error'],
  [
    'ends as if it were complete, before the upstream has sent the rest',
    [20, 201, 'done'],
    'an early end without an error',
  ],
  ['ends without its last event', [600, 201], 'an early end without an error'],
  ['gets another status', [600, 500], 'status 500'],
])('a service fails if one stream %s', (_, stream, end) => {
  for (const given of [factsOf(), ERROR]) {
    expect(judged([COMPLETE, COMPLETE, stream], given)).toMatchObject([
      { verdict: 'FAIL', evidence: [expect.stringContaining(`conversation-end: ${end}, 0.`)] },
    ]);
  }
});

test('the heal may be recorded later than the end of a stream that the upstream went on with', () => {
  const early: Stream = [480, 201, 'done'];
  const healed = historyOf([early, COMPLETE], undefined, undefined, { lasts: SIGNAL + 482 - 1_710 });
  expect(streamsAtEnd.judge(healed, factsOf())[0]?.verdict).toBe('PASS');
  const made = historyOf([[460, 201, 'done'], COMPLETE], undefined, undefined, { lasts: SIGNAL + 482 - 1_710 });
  expect(streamsAtEnd.judge(made, factsOf())[0]?.verdict).toBe('FAIL');
  expect(judged([early, COMPLETE])[0]?.verdict).toBe('FAIL');
});

test('the heal and the end of the response may be recorded late', () => {
  const early: Stream = [460, 201, 'done'];
  const [prompt] = streamsAtEnd.judge(historyOf([early, COMPLETE], STREAMS, 'stream', { askedAt: 455 }), factsOf());
  expect(prompt?.verdict).toBe('PASS');
  const [later] = streamsAtEnd.judge(historyOf([early, COMPLETE], STREAMS, 'stream', { askedAt: 475 }), factsOf());
  expect(later?.verdict).toBe('FAIL');
});

test('streams may end with an error or a refusal only if the contract allows it', () => {
  for (const stream of [REPORTED, REFUSED, [20, 201, 'both'] satisfies Stream]) {
    expect(judged([COMPLETE, COMPLETE, stream])[0]?.verdict).toBe('FAIL');
    expect(judged([COMPLETE, COMPLETE, stream], ERROR)[0]?.verdict).toBe('PASS');
    expect(judged([COMPLETE, COMPLETE, stream], factsOf({ inFlight: 'refused-with-503' }))[0]?.verdict).toBe('PASS');
    const strict = factsOf({ inFlight: 'refused-with-503', streams: 'finished' });
    expect(judged([COMPLETE, COMPLETE, stream], strict)[0]?.verdict).toBe('FAIL');
  }
});

test('without streams in progress that have begun, nothing is proved', () => {
  expect(judged([COMPLETE, [-10, 201, 'done']])[0]?.verdict).toBe('PASS');
  expect(judged([[-10, 201, 'done']])[0]?.verdict).toBe('INCONCLUSIVE');
  const at = (arrives: number) =>
    streamsAtEnd.judge(historyOf([COMPLETE], undefined, undefined, { arrives }), factsOf())[0]?.verdict;
  expect([-1, 0, SIGNAL - 1, SIGNAL].map(at)).toEqual(['INCONCLUSIVE', 'PASS', 'PASS', 'INCONCLUSIVE']);
});

test('a service that was not told to end proves nothing', () => {
  const history = historyOf([COMPLETE], undefined, undefined, { isSignalled: false });
  expect(streamsAtEnd.judge(history, factsOf())).toMatchObject([
    { observed: '0 streams: none', verdict: 'INCONCLUSIVE' },
  ]);
});

test('a stream is complete if it ends when the upstream has sent the rest, within the difference of two clocks', () => {
  expect(judged([[CONTINUED - 9, 201, 'done']])).toMatchObject([
    {
      evidence: ['measured: completed before the upstream continued, by 9.0 ms minus 10 ms of tolerance: 0.0 ms'],
      verdict: 'PASS',
    },
  ]);
  expect(judged([[CONTINUED - 10, 201, 'done']])[0]?.verdict).toBe('FAIL');
});

test('streams that never end may be cut off, but not ended as if they were complete', () => {
  const endless = (...streams: Stream[]) =>
    streamsAtEnd.judge(historyOf(streams, ENDLESS, 'endless stream'), factsOf());
  expect(endless(CUT, REPORTED, REFUSED)).toMatchObject([{ check: 'endless streams at SIGTERM', verdict: 'PASS' }]);
  // A service that waits for the first text has sent nothing yet, and may answer with any error.
  expect(endless(CUT, [600, 504])[0]?.verdict).toBe('PASS');
  expect(endless(CUT, CUT, [600, 201])[0]?.verdict).toBe('FAIL');
  expect(endless(CUT, CUT, [600, 201, 'done'])).toMatchObject([
    { evidence: ['conversation-end: an early end without an error, 0.60 s after SIGTERM'], verdict: 'FAIL' },
  ]);
});

test('a phase without streams proves nothing', () => {
  const history = new History([begun(1, STREAMS, 0, 0), STRAY]);
  expect(streamsAtEnd.judge(history, WITHOUT)).toMatchObject([
    { observed: '0 streams: none', verdict: 'INCONCLUSIVE' },
  ]);
});
