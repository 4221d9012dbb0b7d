import { expect, test } from 'vitest';
import type { Checker } from '../../../harness/checkers/lib/checker.ts';
import { notApplicable, promisesJudged, withAllCases } from '../../../harness/judge/expected-cases.ts';
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

test('what is missing says so, with the promises of its case', () => {
  const [first, second] = withAllCases(
    checkerWith(() => CASES),
    [],
    facts(),
  );
  expect(first).toEqual({
    check: 'first',
    expected: 'it is judged',
    observed: 'the check returned no finding',
    verdict: 'INCONCLUSIVE',
    evidence: ['the script did not get that far, a phase of its plan is not in the record, or the check has a bug'],
    promises: [['tls', 'refused']],
  });
  expect(second).not.toHaveProperty('promises');
});

test('a finding keeps the promises that its checker names itself', () => {
  const judged = withAllCases(
    checkerWith(() => CASES),
    [{ ...found('first'), promises: [['secrecy']] }],
    facts(),
  );
  expect(judged[0]?.promises).toEqual([['secrecy']]);
});

const HOLDS = ['fallback-told', 'endpoints-reach-upstreams', 'breaker-opens', 'no-such-check'];

test('checkers without a case are named with their reasons, including those of every scenario', () => {
  expect(notApplicable(facts('llm'), HOLDS)).toEqual([
    { checker: 'limits-switched-off', reason: expect.stringContaining('does not switch limits off') },
    { checker: 'called-hosts-known', reason: expect.stringContaining('via: proxy') },
    { checker: 'calls-counted', reason: expect.stringContaining('no TCP upstream') },
    { checker: 'fallback-told', reason: expect.stringContaining('endpoints.NAME.fallback') },
    ...['own-answers', 'words-in-order', 'answers-whole', 'one-answer'].map((checker) => ({
      checker,
      reason: expect.stringContaining('no response had words of an answer'),
    })),
    { checker: 'nothing-leaks', reason: 'the contract does not promise `secrecy`' },
  ]);
});

test('the promises that a scenario will judge are known before it, unless a checker fails', () => {
  const threshold = ['profiles', '*', 'breakers', 'llm', 'threshold'];
  expect(promisesJudged(facts('llm'), HOLDS)).toContainEqual(threshold);
  expect(promisesJudged(facts(), HOLDS)).not.toContainEqual(threshold);
});
