import { expect, test } from 'vitest';
import { timedOutCallsEnd } from '../../../../harness/checkers/upstream/timed-out-calls-end.ts';
import { History } from '../../../../harness/history/history.ts';
import { type Failing, factsWith, failingHistory, GIVEN_UP } from '../../../support/failing.ts';
import { starved } from '../../../support/history.ts';

interface Seen extends Failing {
  /** How long the request is in progress at the upstream, in milliseconds, or null if it never ends. */
  readonly takes?: number | null;
}

/** One call that times out after a second. Its request arrives after 10 ms. */
const judged = ({ takes = 995, ...seen }: Seen, facts = factsWith({})) =>
  timedOutCallsEnd.judge(
    new History(
      failingHistory({ fault: 'hang', ms: 1_000, ...seen }).map((event) =>
        event.type === 'receipt' && event.kind === 'request' && event.faults.length > 0
          ? { ...event, endedAt: takes === null ? null : event.at + takes, outcome: 'client-gone' }
          : event,
      ),
    ),
    facts,
  );

test('a request that ends with its call passes', () => {
  expect(judged({})).toMatchObject([
    {
      check: 'ends calls that timed out: groq hang, conversation-end',
      requests: [{ phase: '1', about: 'failing' }],
      observed: '1 request, the last of which ended 0.01 s later',
      verdict: 'PASS',
    },
  ]);
  expect(judged({ takes: 1_490 })).toMatchObject([{ verdict: 'PASS' }]);
});

test('a request that goes on fails', () => {
  expect(judged({ takes: 1_491 })).toMatchObject([{ verdict: 'FAIL' }]);
  expect(judged({ takes: null })).toMatchObject([{ verdict: 'FAIL' }]);
  expect(judged({ takes: 3_490 })).toMatchObject([
    {
      observed: '1 of 1 request went on for at least 2.50 s after the caller got 502',
      verdict: 'FAIL',
      evidence: ['measured: later by 2.50 s minus 500 ms of tolerance: 2.00 s'],
    },
  ]);
});

test('the machine may have delayed the end', () => {
  const more = [starved('service', 900, 2_000, 400)];
  expect(judged({ takes: 1_700, more })).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
});

test('a call that was served did not time out, unless the service can do without the upstream', () => {
  expect(judged({ status: 201, takes: 3_490 })).toMatchObject([{ verdict: 'PASS' }]);
  const without = factsWith({ servedWithout: ['groq'] });
  expect(judged({ status: 201, takes: 3_490 }, without)).toMatchObject([{ verdict: 'FAIL' }]);
});

test.each<[string, Seen]>([
  ['the fault acted on no request to groq', { failing: 0 }],
  ['the caller left before it got an answer', { status: 0, tags: GIVEN_UP }],
  ['no request was in progress when the caller got an answer', { ms: 5 }],
])('nothing is proved: %s', (observed, seen) => {
  expect(judged(seen)).toMatchObject([{ observed, verdict: 'INCONCLUSIVE' }]);
});

test('other failures are not judged', () => {
  expect(judged({ fault: 'reset' })).toEqual([]);
});

test('work that was accepted to be finished later may go on', () => {
  const accepting = (status: number) => factsWith({ finishesLater: { accepted: [status], withinSeconds: 2 } });
  expect(judged({ status: 202, takes: 3_490 }, accepting(202))).toMatchObject([{ verdict: 'PASS' }]);
  expect(judged({ status: 502, takes: 3_490 }, accepting(502))).toMatchObject([{ verdict: 'FAIL' }]);
});
