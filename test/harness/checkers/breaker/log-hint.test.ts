import { expect, test } from 'vitest';
import { logHint } from '../../../../harness/checkers/breaker/log-hint.ts';
import type { Verdict } from '../../../../harness/verdict/finding.ts';

const judged = (verdict: Verdict, scenario = 'chaos/llm-outage') => ({
  scenario,
  findings: [{ checker: 'transitions-logged', check: 'transitions logged', expected: '', observed: '', verdict }],
});

test('lines that may be those of a breaker are shown, but not all of a long log', () => {
  const about = Array.from({ length: 7 }, (_, index) => `Circuit ${index}: HALF_OPEN`);
  expect(logHint(judged('FAIL'), ['listening', ...about].join('\n'))).toEqual({
    text: expect.stringContaining('may mean'),
    lines: about.slice(0, 6),
    changes: [],
  });
});

test('a log without such lines leads to a change of the contract, if the scenario names the breaker', () => {
  const none = { text: expect.stringContaining('remove "log"'), lines: [] };
  expect(logHint(judged('FAIL'), 'listening')).toEqual({ ...none, changes: [{ path: ['breakers', 'llm', 'log'] }] });
  expect(logHint(judged('FAIL', 'chaos/failure-policy'), '')).toEqual({ ...none, changes: [] });
});

test('nothing is explained unless the check failed', () => {
  for (const verdict of ['PASS', 'INCONCLUSIVE'] as const) expect(logHint(judged(verdict), '')).toBe(undefined);
  expect(logHint({ scenario: 'chaos/llm-outage', findings: [] }, 'breaker')).toBe(undefined);
});
