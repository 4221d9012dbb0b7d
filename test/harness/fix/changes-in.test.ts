import { expect, test } from 'vitest';
import { withOpeningHints } from '../../../harness/checkers/breaker/breaker-hints.ts';
import { endpointsServed } from '../../../harness/checkers/load/endpoints-served.ts';
import { endpointsReachUpstreams } from '../../../harness/checkers/upstream/endpoints-reach-upstreams.ts';
import { faultsAnswered } from '../../../harness/checkers/upstream/faults-answered.ts';
import { upstreamAttempts } from '../../../harness/checkers/upstream/upstream-attempts.ts';
import { changesIn } from '../../../harness/fix/changes-in.ts';
import type { HistoryEvent, Receipt } from '../../../harness/history/events.ts';
import { History } from '../../../harness/history/history.ts';
import type { Finding, Verdict } from '../../../harness/verdict/finding.ts';
import type { RunResult } from '../../../harness/verdict/run-result.ts';
import { promisedCalls } from '../../../mocks/promised-calls.ts';
import { type Failing, factsWith, failingHistory } from '../../support/failing.ts';
import { begun, facts, metric, receipt, request } from '../../support/history.ts';

const ENDPOINT = 'endpoints.conversation-end';

/** Returns the changes that findings propose, by their path. */
const proposed = (findings: readonly (Finding | undefined)[]) =>
  Object.fromEntries(
    findings.flatMap((finding) =>
      (finding?.changes ?? []).map(({ path, value = 'removed' }) => [path.join('.'), value]),
    ),
  );

const called = (status: number, ...arrived: HistoryEvent[]) =>
  new History([
    begun(1, { action: 'endpoint', endpoint: 'conversation-end' }, 0, 0),
    request(1, 50, status, { phase: '1' }),
    ...arrived,
    begun(2, { action: 'end' }, 100, 9),
  ]);

test('another success is proposed, and a failure never is', () => {
  const served = (status: number) => proposed(endpointsServed.judge(called(status), facts()));
  expect(served(202)).toEqual({ [`${ENDPOINT}.served`]: [202] });
  for (const status of [201, 0, 307, 404, 500]) expect(served(status)).toEqual({});
});

test.each([
  [0, { format: 'sse' }],
  [1, { format: 'sse', end: '[DONE]' }],
])('a stream that the contract does not describe is proposed, with its end (%i)', (isDone, stream) => {
  const noted = metric('undescribed_stream', 60, isDone, { phase: '1', format: 'sse' });
  const judged = endpointsServed.judge(called(201, noted), facts());
  expect(proposed(judged)).toEqual({ [`${ENDPOINT}.stream`]: stream });
  expect(proposed(endpointsServed.judge(called(500, noted), facts()))).toEqual({});
});

const [groq, mem0, failed] = [
  receipt(2, 9, 5, 'groq'),
  receipt(1, 2, 5, 'mem0'),
  { ...receipt(3, 12, 5, 'groq'), status: 500 } as Receipt,
];

test.each<[string, HistoryEvent[], object]>([
  ['another order', [mem0, groq], { [`${ENDPOINT}.reaches`]: ['mem0', 'groq'] }],
  ['one of them again', [mem0, groq, receipt(3, 12, 5, 'groq')], { [`${ENDPOINT}.reaches`]: ['mem0', 'groq', 'groq'] }],
  ['one of them again after a failure', [mem0, groq, failed], {}],
  ['not all of them', [mem0], {}],
  ['none of them', [], {}],
])('a call that reaches the upstreams in %s', (_, arrived, changes) => {
  expect(proposed(endpointsReachUpstreams.judge(called(201, ...arrived), facts()))).toEqual(changes);
});

test('a base path that the client adds itself is removed', () => {
  const unserved = { ...groq, status: 404, route: 'POST /v1/v1/chat', unserved: 'no handler' } as Receipt;
  expect(proposed(endpointsReachUpstreams.judge(called(201, unserved), facts()))).toEqual({
    'upstreams.groq.basePath': 'removed',
  });
});

test('attempts are proposed if there are more than any promise', () => {
  const attempts = (failing: number, promised = {}) =>
    proposed(
      upstreamAttempts.judge(new History(failingHistory({ failing })), factsWith({}, promisedCalls.parse(promised))),
    );
  expect(attempts(3)).toEqual({ 'upstreams.groq.calls.attempts': 3 });
  expect(attempts(1)).toEqual({});
  expect(attempts(2, { attempts: 3, never: ['5xx'] })).toEqual({});
});

test('a fallback is proposed if another upstream was called, but a success without one is a defect', () => {
  const answered = (seen: Failing) => {
    const { contract, ...rest } = factsWith({ reaches: ['groq'] });
    const upstreams = { ...contract.upstreams, backup: {} };
    return proposed(
      faultsAnswered.judge(new History(failingHistory(seen)), { ...rest, contract: { ...contract, upstreams } }),
    );
  };
  const more = [receipt(2, 30, 5, 'backup')];
  expect(answered({ status: 201, more })).toEqual({ [`${ENDPOINT}.fallback`]: ['groq', 'backup'] });
  expect(answered({ status: 201 })).toEqual({});
  expect(answered({ status: 502, more })).toEqual({});
});

test('the threshold and the status of a breaker are proposed', () => {
  const tags = { phase: 'opening', endpoint: 'activities-suggest' };
  const failing = Array.from({ length: 7 }, (_, index): HistoryEvent[] => [
    request(index * 100, 50, 502, tags),
    receipt(index + 1, index * 100 + 5, 20, 'groq'),
  ]);
  const history = new History([...failing.flat(), request(700, 50, 429, tags)]);
  const failed: Finding = { check: 'a', expected: 'b', observed: 'c', verdict: 'FAIL' };
  expect(proposed(withOpeningHints([failed], history, facts('llm')))).toEqual({
    'profiles.*.breakers.llm.threshold': 7,
    'breakers.llm.refusal': 429,
  });
});

test('each field is changed once: to the largest number, in the profile of the run, and by checks that prove something', () => {
  const finding = (value: number, verdict: Verdict = 'FAIL') => ({
    verdict,
    changes: [{ path: ['profiles', '*', 'breakers', 'llm', 'threshold'], value }],
  });
  const run = (...findings: object[]) => ({ profile: 'fast', scenarios: [{ findings }] }) as unknown as RunResult;
  expect(changesIn([run(finding(2), finding(3)), run(finding(1), finding(9, 'INCONCLUSIVE'), {})])).toEqual([
    { path: ['profiles', 'fast', 'breakers', 'llm', 'threshold'], value: 3 },
  ]);
  const lasting = { ...finding(4, 'INCONCLUSIVE'), lasting: true };
  expect(changesIn([run(lasting)])).toMatchObject([{ value: 4 }]);
});
