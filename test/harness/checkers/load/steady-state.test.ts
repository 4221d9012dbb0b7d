import { expect, test } from 'vitest';
import { leftOut } from '../../../../harness/checkers/load/steady-state.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, request, T0 } from '../../../support/history.ts';
import { judge } from '../../../support/judge.ts';

/** A steady phase in which endpoints got these statuses, in order. */
const steady = (...calls: [endpoint: string, status: number][]): HistoryEvent[] => [
  begun(1, { action: 'steady' }, 0, 0),
  ...calls.map(([endpoint, status], index) => request(index * 10, 5, status, { phase: '1', endpoint })),
];

const HOLDS = ['breaker-opens', 'steady-state'];
const ABORTED: HistoryEvent = { type: 'engine', at: T0 + 90, event: 'ended', code: 108, signal: null };
const judged = (events: HistoryEvent[]) => judge(new History(events), facts('llm'), HOLDS);
const before = (events: HistoryEvent[]) => judged(events).find(({ check }) => check === 'steady state before');

test('an endpoint that is not served when it is called again either is the cause of everything that is not judged', () => {
  const findings = judged([
    ...steady(['conversation-end', 201], ['health', 401], ['health', 401], ['health', 401]),
    ABORTED,
  ]);
  const cause = findings.find(({ check }) => check === 'steady state before');
  expect(cause).toMatchObject({ verdict: 'INCONCLUSIVE', observed: 'health: 3 × 401', lasting: true });
  expect(cause?.evidence?.[0]).toMatch(/^401: /);
  expect(cause?.usually).toContain('the contract describes the endpoint incorrectly');
  expect(cause).not.toHaveProperty('follows');
  expect(findings.find(({ check }) => check === 'script ran to its end')).toMatchObject({
    observed: 'the script ended itself',
    follows: 'steady state before',
  });
  const opens = findings.filter(({ checker }) => checker === 'breaker-opens');
  expect(opens).not.toEqual([]);
  for (const finding of opens) {
    expect(finding).toMatchObject({ verdict: 'INCONCLUSIVE', follows: 'steady state before' });
  }
});

test('a call that fails once explains nothing, and is not called busy', () => {
  const finding = before(steady(['conversation-end', 201], ['health', 503], ['health', 200]));
  expect(finding).toMatchObject({ verdict: 'INCONCLUSIVE', observed: '1 × 201, 1 × 503, 1 × 200' });
  expect(finding?.voids).toBeUndefined();
  expect(finding?.usually).toContain('was not ready');
});

test('calls that are served pass', () => {
  expect(before(steady(['conversation-end', 201], ['health', 200]))?.verdict).toBe('PASS');
});

/** Three calls of an endpoint that is not served. The script goes on after them. */
const brokenThrice = (about: Record<string, string>): HistoryEvent[] => [
  begun(1, { action: 'steady' }, 0, 0),
  request(0, 5, 201, { phase: '1', endpoint: 'conversation-end' }),
  ...[10, 20, 30].map((at) => request(at, 5, 500, { phase: '1', endpoint: 'docs', ...about })),
  begun(2, { action: 'below' }, 100, 0),
];

test('a broken endpoint that the scenario does not need is named, and stops nothing', () => {
  const events = brokenThrice({ about: 'not needed' });
  expect(before(events)).toMatchObject({ verdict: 'PASS', observed: 'docs: 3 × 500' });
  expect(before(events)).not.toHaveProperty('voids');
  expect(leftOut(new History(events), facts('llm'))).toEqual(['docs: 3 × 500']);
});

test('a broken endpoint that the scenario leaves out is the cause of the checks that are missing', () => {
  const { proof, ...others } = facts('llm');
  const plan = [{ action: 'failing', upstream: 'groq', fault: '500', endpoint: 'docs' }] as const;
  const planning = { ...others, proof: { ...proof, plan: [...plan] } };
  const findings = judge(new History([...brokenThrice({}), { ...ABORTED, code: 0 }]), planning, [
    'steady-state',
    'upstream-attempts',
  ]);
  expect(findings.find(({ check }) => check === 'steady state before')).toMatchObject({
    verdict: 'INCONCLUSIVE',
    observed: 'docs: 3 × 500',
    lasting: true,
  });
  const missing = findings.filter(({ observed }) => observed === 'the check returned no finding');
  expect(missing).not.toEqual([]);
  for (const finding of missing) expect(finding.follows).toBe('steady state before');
});

test('an endpoint is not left out if it is served in the end, or if the script ended', () => {
  expect(leftOut(new History(steady(['health', 503], ['health', 200])), facts('llm'))).toEqual([]);
  expect(leftOut(new History(brokenThrice({}).slice(0, -1)), facts('llm'))).toEqual([]);
});
