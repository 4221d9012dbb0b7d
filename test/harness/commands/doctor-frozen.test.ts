import { expect, test } from 'vitest';
import { FREEZE, frozenNote, secondsToFreeze } from '../../../harness/commands/doctor-frozen.ts';
import { type Contract, type ContractFile, contractSchema } from '../../../harness/contract/contract.ts';
import type { Finding, Verdict } from '../../../harness/verdict/finding.ts';
import type { ScenarioResult } from '../../../harness/verdict/run-result.ts';
import reference from '../../../service/proofload.config.ts';

const { frozen: _, ...others } = reference;
const { fast } = reference.profiles;
const withTimeouts = (llm: number | undefined, memory: number | undefined): Contract => {
  const numbers = (callTimeoutSeconds: number | undefined) => ({
    threshold: 5,
    recoverySeconds: 2,
    ...(callTimeoutSeconds !== undefined && { callTimeoutSeconds }),
  });
  const breakers = { llm: numbers(llm), memory: numbers(memory) };
  return contractSchema.parse({ ...others, profiles: { fast: { ...fast, breakers } } } as ContractFile);
};

test('a service is stopped for longer than the timeouts of calls through its breakers', () => {
  expect(secondsToFreeze(withTimeouts(2, 0.2), 'fast')).toBe(2.5);
  expect(secondsToFreeze(withTimeouts(undefined, 0.2), 'fast')).toBe(1);
});

test('a service is not stopped if the contract says what happens, or no timeout is known', () => {
  expect(secondsToFreeze(contractSchema.parse(reference), 'fast')).toBeUndefined();
  expect(secondsToFreeze(withTimeouts(undefined, undefined), 'fast')).toBeUndefined();
});

const failed = { check: 'no breaker opens', observed: '2 × 503', verdict: 'FAIL' } as Finding;
const ended = (verdict: Verdict, ...findings: Finding[]) => ({
  scenarios: [{ scenario: FREEZE, verdict, findings } as unknown as ScenarioResult],
});

test('the note names the promise, and whether the service keeps it', () => {
  expect(frozenNote(ended('PASS'), 2.5)).toMatch(/^no breaker opens .* To promise it: frozen: \{ seconds: 2\.5 \}$/);
  expect(frozenNote(ended('FAIL', failed), 2.5)).toMatch(
    /fails calls .*\(no breaker opens: 2 × 503\).* To have it judged: frozen: \{ seconds: 2\.5 \}$/,
  );
  expect(frozenNote(ended('INCONCLUSIVE'), 2.5)).toBeUndefined();
  expect(frozenNote({ scenarios: [] }, 2.5)).toBeUndefined();
});
