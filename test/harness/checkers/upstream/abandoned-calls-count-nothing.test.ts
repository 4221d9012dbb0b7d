import { expect, test } from 'vitest';
import { abandonedCallsCountNothing } from '../../../../harness/checkers/upstream/abandoned-calls-count-nothing.ts';
import { History } from '../../../../harness/history/history.ts';
import assistant from '../../../defects/upstreams/assistant.ts';
import { starved } from '../../../support/history.ts';
import { factsOf, factsWithFallback, history, type Left } from './leavers.ts';

const judged = (left: Left, given = factsOf()) =>
  abandonedCallsCountNothing.judge(new History(history(left)), given)[0];

test('served calls after many callers have left pass', () => {
  expect(judged({})).toMatchObject({
    check: 'callers who left cost the next ones nothing: ask at llm',
    requests: [{ phase: '3' }, { phase: '6' }],
    observed: '20 abandoned calls, then 3 × 200; 20 abandoned calls, then 3 × 200',
    verdict: 'PASS',
  });
});

test('rejections prove nothing if the timeout of the service may have ended the calls', () => {
  const rejected = { nextAgain: [503, 503, 503], reachedAgain: 0 };
  expect(judged({ ...rejected, kept: 1_050 })).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: [
      'none of them reached llm: the breaker has counted the callers who left, or their slots are taken',
      'the call of a caller who stayed ended after 1.05 s: the timeout of the service is too short to tell',
    ],
  });
  expect(judged({ kept: 1_050 })?.verdict).toBe('PASS');
  expect(judged({ ...rejected, kept: 1_200 })?.verdict).toBe('FAIL');
  expect(judged({ ...rejected, kept: 1_200, ended: Array(20).fill(1_190) })?.verdict).toBe('FAIL');
});

test('calls that go on after their callers have left are the cause, if they do', () => {
  const rejected = { next: [503, 503, 503], reached: 0 };
  expect(judged(rejected)).not.toHaveProperty('usually');
  expect(judged({ ...rejected, ended: Array(20).fill(2_400) })?.usually).toMatch(
    /^The calls to llm go on after their callers have left: the last one ended 1\.40 s later, and cancels\.withinSeconds is 1\./,
  );
  expect(judged({ ...rejected, ended: Array(20).fill(null), kept: null })?.usually).toContain(
    'the last one did not end',
  );
});

test('calls that the machine delayed until they timed out prove nothing', () => {
  const judgedWith = (waitedMs: number) => {
    const slow = history({ next: [504, 504, 504], nextAgain: [200, 200, 200] }).map((event) =>
      event.type === 'request' && event.status === 504 ? { ...event, ms: 1_000 } : event,
    );
    const waited = starved('service', 12_510, 13_510, waitedMs);
    return abandonedCallsCountNothing.judge(new History([...slow, waited]), factsOf())[0];
  };
  expect(judgedWith(200)?.verdict).toBe('FAIL');
  expect(judgedWith(900)).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: ['3 requests reached llm', expect.stringContaining('the machine delayed each failed call')],
  });
});

test.each<[string, Left]>([
  ['all with another status', { next: [502, 502, 502], reached: 0 }],
  ['some with another status', { next: [503, 503, 502], reached: 0 }],
])('rejections are not blamed on the breaker if they came %s', (_, left) => {
  expect(judged(left)).toMatchObject({ verdict: 'FAIL', evidence: ['0 requests reached llm'] });
});

test('without a breaker, rejections are blamed on none', () => {
  const withoutBreaker = factsOf({ breakers: {}, profiles: { fast: {} } });
  expect(judged({ next: [503, 503, 503], reached: 0 }, withoutBreaker)?.evidence).toEqual(['0 requests reached llm']);
});

test('the breaker in front of these calls counts, and no other', () => {
  const { llm } = assistant.breakers;
  const numbers = { ...assistant.profiles.fast.breakers.llm, threshold: 30 };
  const given = factsOf({
    upstreams: { ...assistant.upstreams, backup: { kind: 'openai' } },
    endpoints: { ...assistant.endpoints, ask: { ...assistant.endpoints.ask, reaches: ['llm', 'backup'] } },
    breakers: { ofChat: { ...llm, endpoint: 'chat' }, ofBackup: { ...llm, upstream: 'backup' }, llm },
    profiles: { fast: { breakers: { ofChat: numbers, ofBackup: numbers, ...assistant.profiles.fast.breakers } } },
  });
  expect(judged({}, given)?.verdict).toBe('PASS');
});

test('a breaker that has opened is seen although another upstream serves the next calls', () => {
  const given = factsWithFallback();
  expect(judged({}, given)?.verdict).toBe('PASS');
  expect(judged({ reachedAgain: 0 }, given)).toMatchObject({
    verdict: 'FAIL',
    evidence: ['none of them reached llm: the breaker has counted the callers who left, or their slots are taken'],
  });
  expect(judged({ reachedAgain: 2 }, given)).toMatchObject({
    verdict: 'FAIL',
    evidence: ['2 requests reached llm'],
  });
});

test('fewer abandoned calls than the breaker needs prove nothing about it', () => {
  expect(judged({ ended: Array(4).fill(1_010) })).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: ['fewer than the 5 failures that open the breaker'],
  });
  expect(judged({ ended: Array(5).fill(1_010) })?.verdict).toBe('PASS');
  const withoutBreaker = factsOf({ breakers: {}, profiles: { fast: {} } });
  expect(judged({ ended: Array(4).fill(1_010) }, withoutBreaker)?.verdict).toBe('PASS');
});

test('failures that follow make up for calls that could not be abandoned at once', () => {
  const ended = Array(4).fill(1_010);
  expect(judged({ ended, failed: 1 })).toMatchObject({
    observed: '4 abandoned calls and 1 failure, then 3 × 200; 4 abandoned calls and 1 failure, then 3 × 200',
    verdict: 'PASS',
  });
  expect(judged({ ended, failed: 1, nextAgain: [503, 503, 503], reachedAgain: 0 })?.verdict).toBe('FAIL');
  expect(judged({ ended: Array(3).fill(1_010), failed: 1 })?.verdict).toBe('INCONCLUSIVE');
});

test.each<[string, Left]>([
  ['no caller left during a call to llm', { ended: [] }],
  ['the next calls were not made', { next: [] }],
  ['the next calls were not made', { nextAgain: [] }],
])('too little to judge: %s', (why, left) => {
  expect(judged(left)).toMatchObject({ verdict: 'INCONCLUSIVE', evidence: [why] });
});

test('rejections that no caller who left can have caused prove nothing', () => {
  expect(judged({ ended: [], next: [503, 503, 503], reached: 0 })).toMatchObject({
    observed: 'nobody left during a call, then 3 × 503; nobody left during a call, then 3 × 503',
    verdict: 'INCONCLUSIVE',
  });
});
