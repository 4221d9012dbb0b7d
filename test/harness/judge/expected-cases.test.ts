import { expect, test } from 'vitest';
import type { Checker } from '../../../harness/checkers/lib/checker.ts';
import { withAllCases } from '../../../harness/judge/expected-cases.ts';
import type { Finding } from '../../../harness/verdict/finding.ts';
import { facts } from '../../support/history.ts';

const CASES = [
  { check: 'first', promises: [['tls', 'refused']] },
  { check: 'second', promises: [] },
  { check: 'second', promises: [] },
];
const checkerWith = (cases: Checker['cases']): Checker => ({
  name: 'example',
  usually: '-',
  judge: () => [],
  ...(cases && { cases }),
});
const found = (check: string): Finding => ({ check, expected: '-', observed: '-', verdict: 'PASS' });
const all = (cases: Checker['cases'], findings: Finding[]) =>
  withAllCases(checkerWith(cases), findings, facts()).map(({ check, verdict }) => `${verdict} ${check}`);

test('each case without a finding is inconclusive, as often as it is expected', () => {
  expect(all(() => CASES, [found('first'), found('second')])).toEqual([
    'PASS first',
    'PASS second',
    'INCONCLUSIVE second',
  ]);
  expect(all(() => CASES, [])).toEqual(['INCONCLUSIVE first', 'INCONCLUSIVE second', 'INCONCLUSIVE second']);
});

test('a finding that is no case stays', () => {
  expect(all(() => [], [found('more')])).toEqual(['PASS more']);
});

test('a checker that nobody knows the cases of must find something', () => {
  expect(all(() => undefined, [])).toEqual(['INCONCLUSIVE example']);
  expect(all(() => undefined, [found('any')])).toEqual(['PASS any']);
});

test('the finding of a case names the promises that it judges, also if it is repeated', () => {
  const findings = [found('first'), found('first'), found('second')];
  const judged = withAllCases(
    checkerWith(() => CASES),
    findings,
    facts(),
  );
  expect(judged.map(({ promises }) => promises)).toEqual([
    [['tls', 'refused']],
    [['tls', 'refused']],
    undefined,
    undefined,
  ]);
});
