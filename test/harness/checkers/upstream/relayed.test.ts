import { expect, test } from 'vitest';
import { faultsAnswered } from '../../../../harness/checkers/upstream/faults-answered.ts';
import { streamsTellFailure } from '../../../../harness/checkers/upstream/streams-tell-failure.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { factsWith, failingHistory } from '../../../support/failing.ts';
import { metric } from '../../../support/history.ts';

const NOTHING = { onFault: {} };
const RELAYS = { ...NOTHING, relays: ['groq'] };
const SENT = 'aaaaaaaaaaaa';

interface Met {
  /** What the upstream sent, and how its answer ended. */
  sent?: number | null;
  outcome?: 'answered' | 'cut' | 'client-gone';
  /** What the caller got. */
  status?: number;
  got?: string | null;
}

const CUT = { error: 'unexpected EOF', error_code: '1000' };

function eventsOf({ sent = 503, outcome = 'answered', status = 503, got = SENT }: Met): HistoryEvent[] {
  const noted = got === null ? [] : [metric('failing_bodies', 70, 1, { phase: '1', body: got })];
  const events = failingHistory({ status, fault: 'malformed-json', more: noted, ...(status === 0 && { tags: CUT }) });
  return events.map((event) =>
    event.type === 'receipt' && event.kind === 'request' && event.faults.length > 0
      ? { ...event, status: sent, outcome, body: SENT }
      : event,
  );
}

const judged = (met: Met, changed: Parameters<typeof factsWith>[0] = RELAYS) =>
  faultsAnswered.judge(new History(eventsOf(met)), factsWith(changed))[0];

test.each<[string, Met, string]>([
  ['the same status and body', {}, 'PASS'],
  ['a broken success as it is', { sent: 201, status: 201 }, 'PASS'],
  ['another status', { status: 502 }, 'FAIL'],
  ['a success instead of an error', { status: 201 }, 'FAIL'],
  ['another body', { got: 'bbbbbbbbbbbb' }, 'FAIL'],
  ['a broken connection instead of an answer', { status: 0 }, 'FAIL'],
  ['a body that is not compared', { got: null }, 'INCONCLUSIVE'],
  ['a part that looks complete', { outcome: 'cut', sent: 201, status: 201 }, 'FAIL'],
  ['a part that breaks off', { outcome: 'cut', sent: 201, status: 0 }, 'PASS'],
  ['an error instead of a part', { outcome: 'cut', sent: 201, status: 502 }, 'PASS'],
])('a transparent proxy whose caller gets %s', (_, met, verdict) => {
  expect(judged(met)?.verdict).toBe(verdict);
});

test('an answer that was not sent, or that the proxy gave up, is judged as without `relays`', () => {
  const wanted = 'an answer that is not a success';
  expect(judged({ sent: null, status: 502 })).toMatchObject({ expected: wanted, verdict: 'PASS' });
  expect(judged({ outcome: 'client-gone', sent: 201, status: 201 })).toMatchObject({
    expected: wanted,
    verdict: 'FAIL',
  });
});

test('a promised answer precedes `relays`', () => {
  const onFault = { 'malformed-json': 502 as const };
  expect(judged({ status: 502 }, { ...RELAYS, onFault })?.verdict).toBe('PASS');
  expect(judged({}, { ...RELAYS, onFault })?.verdict).toBe('FAIL');
});

test('without `relays`, a broken answer that is passed on fails, and the promise that is missing is named', () => {
  expect(judged({ sent: 201, status: 201 }, NOTHING)).toMatchObject({
    verdict: 'FAIL',
    usually: expect.stringContaining('`relays` of the endpoint'),
  });
  expect(judged({ sent: 201, status: 201, got: 'bbbbbbbbbbbb' }, NOTHING)?.usually ?? '').not.toContain('relays');
});

test('a stream that ends early is passed on byte by byte, and not completed', () => {
  const changed = { ...RELAYS, stream: { format: 'sse' as const, end: '[DONE]' } };
  const stream = (met: Met) =>
    streamsTellFailure.judge(new History(eventsOf({ sent: 201, status: 201, ...met })), factsWith(changed))[0];
  // The kind of the answer is seen in another phase.
  expect(stream({})?.observed).toBe('the caller got 201 with the body that was sent');
  expect(stream({ got: 'bbbbbbbbbbbb' })?.observed).toBe('the caller got 201 with another body than was sent');
});
