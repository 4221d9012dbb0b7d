import { expect, test } from 'vitest';
import { phaseTag } from '../../../harness/contract/phases.ts';
import type { HistoryEvent } from '../../../harness/history/events.ts';
import { History } from '../../../harness/history/history.ts';
import { subjectIn } from '../../../harness/judge/subject-in.ts';
import type { Finding } from '../../../harness/verdict/finding.ts';
import { areApart } from '../../../harness/verdict/subject.ts';
import { factsWith, failingHistory, GIVEN_UP } from '../../support/failing.ts';
import { begun, facts, receipt, request, requests, starved, T0 } from '../../support/history.ts';
import { judge } from '../../support/judge.ts';

const ANY: Finding = { check: 'any', expected: '', observed: '', verdict: 'FAIL' };

const HOLDS = ['breaker-refuses-at-once', 'breaker-opens'];

const ENDED: HistoryEvent = { type: 'engine', at: T0 + 4_000, event: 'ended', code: 0, signal: null };

/** A breaker that never opens: five failures reach the upstream, and so do the twelve calls after them. */
const neverOpens: HistoryEvent[] = [
  ENDED,
  begun(1, { action: 'opening' }, 0, 0),
  ...requests(5, 0, 600, 502, { phase: '1' }),
  ...Array.from({ length: 5 }, (_, index) => receipt(index + 1, index * 600, 600, 'groq', ['f1:status'])),
  begun(2, { action: 'open' }, 3_000, 5),
  ...requests(12, 3_000, 5, 502, { phase: '2', about: 'breaker' }),
  ...Array.from({ length: 12 }, (_, index) => receipt(index + 6, 3_000, 1, 'groq', ['f1:status'])),
];

/** A script that ended before it had made the calls that its checks judge. */
const unfinished: HistoryEvent[] = [
  ENDED,
  begun(1, { action: 'opening' }, 0, 0),
  ...requests(2, 0, 600, 502, { phase: '1' }),
];

const judged = (check: string) =>
  judge(new History(neverOpens), facts('llm'), HOLDS).find((finding) => finding.check === check);

test('a cause comes before its consequences, and is not a consequence of anything itself', () => {
  const checks = judge(new History(neverOpens), facts('llm'), HOLDS).map(({ check }) => check);
  expect(checks.indexOf('opens at the threshold')).toBeLessThan(checks.indexOf('refuses at once'));
  expect(judged('opens at the threshold')).toMatchObject({ verdict: 'FAIL', checker: 'breaker-opens' });
  expect(judged('opens at the threshold')).not.toHaveProperty('follows');
});

test('a failure about one endpoint explains nothing about another', () => {
  const failing = (id: number, endpoint: string, after: number): HistoryEvent[] => [
    begun(id, { action: 'failing', upstream: 'groq', fault: 'plain-500', endpoint }, after, id * 2),
    request(after + 10, 5, 200, { phase: String(id), about: 'failing', endpoint }),
  ];
  const history = new History([ENDED, ...failing(1, 'conversation-end', 0), ...failing(2, 'health', 1_000)]);
  const ask = subjectIn(history, facts('llm'), { ...ANY, requests: [{ phase: phaseTag({ id: 1 }) }] });
  const health = subjectIn(history, facts('llm'), { ...ANY, requests: [{ phase: phaseTag({ id: 2 }) }] });
  expect(areApart(ask, health)).toBe(true);
  expect(areApart(ask, subjectIn(history, facts('llm'), { ...ANY, promises: [['breakers', 'llm', 'refusal']] }))).toBe(
    false,
  );
  expect(
    areApart(ask, subjectIn(history, facts('llm'), { ...ANY, promises: [['breakers', 'memory', 'refusal']] })),
  ).toBe(true);
});

test('a check that depends on a failed one names it, and keeps its verdict', () => {
  expect(judged('refuses at once')).toMatchObject({
    verdict: 'INCONCLUSIVE',
    checker: 'breaker-refuses-at-once',
    follows: 'opens at the threshold',
  });
});

test('only checks that did not pass list their usual causes', () => {
  expect(judged('opens at the threshold')?.usually).toContain('threshold');
  expect(judged('refuses at once')?.usually).toBe('"opens at the threshold" explains it. Fix that first.');
  for (const finding of judge(new History(neverOpens), facts('llm'), HOLDS)) {
    expect(finding.usually === undefined, finding.check).toBe(finding.verdict === 'PASS');
  }
});

const stalled = (ms: number): HistoryEvent => ({ type: 'stall', at: T0 + 1_000, ms, of: 'lab' });
const QUIET = facts().noise;

test.each([
  ['nothing was measured', [], QUIET, 'No long delay of the machine was measured'],
  ['there were short delays', [stalled(99), starved('fakes', 500, 900, 99)], QUIET, 'No long delay'],
  ['a thread waited after the load', [starved('fakes', 5_000, 5_900, 900)], QUIET, 'No long delay'],
  ['there was a pause', [stalled(100)], QUIET, 'The machine was busy: the lab paused for 100 ms.'],
  [
    'a thread waited',
    [stalled(120), starved('fakes', 500, 900, 310)],
    QUIET,
    'The machine was busy: the fakes waited 310 ms for a processor.',
  ],
  ['timers were late', [], { ...QUIET, timerLateMs: 140 }, 'busy: a timer was 140 ms late before the run.'],
  ['requests were slow', [], { ...QUIET, loopbackMs: 100 }, 'busy: a request to an idle process took 100 ms before'],
])('a check with too little data blames the machine as measured: %s', (_, events, noise, said) => {
  const undecided = judge(new History([...unfinished, ...events]), { ...facts('llm'), noise }, [
    'breaker-closes',
  ]).filter(({ checker }) => checker === 'breaker-closes');
  expect(undecided.map(({ verdict }) => verdict)).toContain('INCONCLUSIVE');
  for (const { usually } of undecided) expect(usually).toContain(said);
});

test('a script that threw explains everything that could not be judged after it, and no machine is blamed', () => {
  const threw: HistoryEvent = {
    type: 'engine',
    at: T0 + 10,
    event: 'error',
    text: 'Uncaught (in promise) TypeError: boom\n\tat default',
  };
  const findings = judge(new History([...unfinished, threw, stalled(400)]), facts('llm'), HOLDS);
  const cause = findings.find(({ check }) => check === 'script ran to its end');
  expect(cause).toMatchObject({ verdict: 'INCONCLUSIVE', usually: expect.stringContaining('"TypeError: boom"') });
  expect(cause?.usually).toContain('a defect of the scenario');
  expect(cause).not.toHaveProperty('follows');
  const undecided = findings.filter(({ checker }) => HOLDS.includes(checker ?? ''));
  expect(undecided).not.toEqual([]);
  for (const finding of undecided) {
    expect(finding).toMatchObject({ verdict: 'INCONCLUSIVE', follows: 'script ran to its end' });
    expect(finding.usually).not.toContain('busy');
  }
});

test('a late answer explains that it can not be judged, but not that it is wrong', () => {
  const answer = (status: number, tags: Record<string, string> = {}) => {
    const history = new History(failingHistory({ fault: 'stall', ms: 9_000, status, tags, more: [ENDED] }));
    const judged = judge(history, factsWith({ onFault: { stall: { answer: 504, withinSeconds: 3 } } }), [
      'faults-answered',
      'faults-answered-in-time',
    ]);
    return judged.find(({ checker }) => checker === 'faults-answered');
  };
  expect(answer(0, GIVEN_UP)).toMatchObject({
    verdict: 'INCONCLUSIVE',
    follows: 'answer in time to stall: groq, conversation-end',
  });
  expect(answer(200)?.verdict).toBe('FAIL');
  expect(answer(200)).not.toHaveProperty('follows');
});

test('of the output of a service that did not start, the lines that name an error come first', () => {
  const error = 'limits.errors.ConfigurationError: unknown storage scheme : unix://';
  const output = [
    'Traceback (most recent call last):',
    '  File "app.py", line 3',
    '    raise Error(',
    error,
    'Shutting down',
  ];
  const [finding] = judge(new History([{ type: 'set-up', at: T0, problem: 'not ready', output }]), facts(), HOLDS);
  expect(finding?.evidence).toEqual([error, ...output.filter((line) => line !== error)]);
});

test('what a service that has ended left undone follows from its end, which is named once', () => {
  const exited = { type: 'service', at: T0 + 1_500, event: 'exited', code: 1, signal: null, asked: false } as const;
  const started = { type: 'service', at: T0 - 100, event: 'started' } as const;
  const plan = [{ action: 'slow upstream', upstream: 'groq', endpoint: 'conversation-end' }] as const;
  const planned = { ...facts(), proof: { ...facts().proof, plan: [...plan] } };
  const holds = ['pool-free-during-upstream-calls'];
  const found = judge(new History([started, ...unfinished, exited]), planned, holds);
  const missing = found.filter(({ observed }) => observed === 'the check returned no finding');
  for (const finding of missing) expect(finding).toMatchObject({ follows: 'service stays up' });
  expect(missing.length).toBeGreaterThan(0);
  const without = judge(new History([started, ...unfinished]), planned, holds);
  expect(without.filter(({ follows }) => follows === 'service stays up')).toEqual([]);
});
