import { expect, test } from 'vitest';
import { streamsRelayed } from '../../../../harness/checkers/upstream/streams-relayed.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, metric, receipt, T0 } from '../../../support/history.ts';
import { factsOf } from './streams.ts';

const RELAYED = { action: 'relayed stream', upstream: 'llm', endpoint: 'chat' } as const;
const PAUSE_MS = 1_450;

interface Relayed {
  /** When the first words and the last piece come, in milliseconds after the upstream was called. */
  first?: number | undefined;
  last?: number;
  faults?: string[];
  pauseMs?: number;
  /** Whether the service ended the stream. */
  isEnded?: boolean;
  stallSeconds?: number;
}

const judged = ({
  first = 20,
  last = 1_500,
  faults = ['f1:slow-first-token'],
  pauseMs = PAUSE_MS,
  isEnded = false,
  stallSeconds = 2,
}: Relayed) => {
  const tags = { phase: '9', endpoint: 'chat' };
  const at = (about: string, after: number) => metric('stream_piece_at', 2_000, T0 + after, { ...tags, about });
  return streamsRelayed.judge(
    new History([
      begun(9, RELAYED, 0, 0),
      { ...receipt(1, 0, last, 'llm', faults), ...(isEnded && { outcome: 'client-gone' }) },
      metric('stream_pause_ms', 1_900, pauseMs, { ...tags, about: '200' }),
      ...(Number.isNaN(first) ? [] : [at('first', first)]),
      at('last', last),
      ...(isEnded ? [at('broken off', last)] : []),
    ]),
    factsOf({ relaySeconds: 0.3, stallSeconds }),
  )[0];
};

test('words that come while the upstream pauses pass', () => {
  expect(judged({})).toMatchObject({
    check: 'pieces arrive while they are sent: llm, chat',
    expected: 'the first words within 0.3 s',
    observed: 'after 20 ms, and the last ones after 1.50 s, of a stream with a pause of 1.45 s',
    verdict: 'PASS',
  });
  expect(judged({ first: 550 })?.verdict).toBe('PASS');
});

test('words that come with the last piece fail', () => {
  expect(judged({ first: 1_490 })).toMatchObject({
    verdict: 'FAIL',
    evidence: ['measured: too late by 1.19 s minus 250 ms of tolerance: 940 ms'],
  });
});

test('a stream that the service ends although pieces come fails', () => {
  expect(judged({ last: 2_100, isEnded: true })).toMatchObject({
    observed: 'ended by the service after 2.10 s, without a pause of more than 1.45 s',
    verdict: 'FAIL',
    usually: expect.stringMatching(/^A timeout limits the whole stream .* It ended after 2\.10 s\.$/),
  });
});

test.each<[string, Relayed, string | RegExp]>([
  ['without words', { first: Number.NaN }, 'no words of its answer in a response with the status 200'],
  ['without a pause', { faults: [] }, 'no call reached llm'],
  ['if the pause was too short', { pauseMs: 500 }, /pause of 500 ms$/],
  ['if the stream ended before the pause was over', { last: 900 }, /the last ones after 900 ms/],
])('nothing is known %s', (_, relayed, observed) => {
  expect(judged(relayed)).toMatchObject({
    verdict: 'INCONCLUSIVE',
    observed: typeof observed === 'string' ? observed : expect.stringMatching(observed),
  });
});

test('a stream without a promised time is not judged', () => {
  expect(streamsRelayed.judge(new History([begun(9, RELAYED, 0, 0)]), factsOf())).toEqual([]);
});
