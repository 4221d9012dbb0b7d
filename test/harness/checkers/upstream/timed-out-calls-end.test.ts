import { expect, test } from 'vitest';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
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
  expect(judged({ takes: null })).toMatchObject([
    { observed: '1 of 1 request went on to the end after the caller got 502', verdict: 'FAIL' },
  ]);
  expect(judged({ takes: 3_490 })).toMatchObject([
    {
      observed: '1 of 1 request went on for at least 2.50 s after the caller got 502',
      verdict: 'FAIL',
      evidence: [
        'measured: later by 2.50 s minus 500 ms of tolerance: 2.00 s',
        'if calls may go on there: upstreams.groq.calls: { timedOut: continues }',
      ],
    },
  ]);
});

test('the machine may have delayed the end', () => {
  const more = [starved('service', 900, 2_000, 400)];
  expect(judged({ takes: 1_700, more })).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
});

test('a call that was served did not time out, unless the service can do without the upstream', () => {
  expect(judged({ status: 201 })).toMatchObject([
    {
      observed: 'the call was served in spite of the fault, so it did not time out',
      verdict: 'INCONCLUSIVE',
      lasting: true,
    },
  ]);
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

test('work that may be accepted to be finished later may go on', () => {
  const accepting = (status: number) => factsWith({ finishesLater: { accepted: [status], withinSeconds: 2 } });
  expect(judged({ status: 202, takes: 3_490 }, accepting(202))).toEqual([]);
  expect(judged({ status: 502, takes: 3_490 }, accepting(502))).toMatchObject([{ verdict: 'FAIL' }]);
});

/** Facts about a contract in which the calls to the upstream have no promised timeout. */
function untimed(changed: Parameters<typeof factsWith>[0], timedOut?: 'ends' | 'continues'): Facts {
  const facts = factsWith(changed, { attempts: 1, never: [], hints: [], ...(timedOut && { timedOut }) });
  return { ...facts, numbers: { ...facts.numbers, breakers: {} } };
}

const onFault = { hang: { answer: 504, withinSeconds: 2 } };

test.each<[string, Facts, unknown]>([
  ['a timeout of upstream calls', factsWith({}), [['profiles', '*', 'breakers', 'llm', 'callTimeoutSeconds']]],
  [
    'calls that end if their caller leaves',
    untimed({ cancels: { withinSeconds: 1 } }),
    [['endpoints', 'conversation-end', 'cancels', 'withinSeconds']],
  ],
  ['calls that end when they time out', untimed({}, 'ends'), [['upstreams', 'groq', 'calls', 'timedOut']]],
])('the end of a call is promised by %s', (_, facts, promises) => {
  const [phase] = failingHistory({ fault: 'hang' });
  const plan = [{ action: 'failing', upstream: 'groq', fault: 'hang', endpoint: 'conversation-end' }] as const;
  expect(phase).toMatchObject({ data: plan[0] });
  expect(timedOutCallsEnd.cases?.({ ...facts, proof: { ...facts.proof, plan: [...plan] } })).toEqual([
    { check: 'ends calls that timed out: groq hang, conversation-end', promises },
  ]);
  expect(judged({ takes: 3_490 }, facts)).toMatchObject([
    { verdict: 'FAIL', changes: [{ path: ['upstreams', 'groq', 'calls', 'timedOut'], value: 'continues' }] },
  ]);
});

test.each<[string, Facts]>([
  [
    'the contract says that it may continue',
    factsWith({}, { attempts: 1, never: [], hints: [], timedOut: 'continues' }),
  ],
  ['the contract says so although it also cancels calls', untimed({ cancels: { withinSeconds: 1 } }, 'continues')],
  ['the contract promises only the time of the answer', untimed({ onFault })],
  ['the answer is a stream, which has other timeouts', factsWith({ stream: { format: 'sse' } as never })],
])('a call that times out may continue at the upstream if %s', (_, facts) => {
  expect(judged({ takes: 3_490 }, facts)).toEqual([]);
});
