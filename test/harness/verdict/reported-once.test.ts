import { expect, test } from 'vitest';
import type { Finding } from '../../../harness/verdict/finding.ts';
import { reportedOnce } from '../../../harness/verdict/reported-once.ts';
import type { ScenarioResult } from '../../../harness/verdict/run-result.ts';

const finding = (check: string, verdict: Finding['verdict'], places?: string[]): Finding => ({
  check,
  expected: 'e',
  observed: 'o',
  verdict,
  ...(places && { places }),
});

const ended = (scenario: string, findings: Finding[]): ScenarioResult => ({
  scenario,
  about: '',
  judges: '',
  verdict: findings.some(({ verdict }) => verdict === 'FAIL') ? 'FAIL' : 'PASS',
  findings,
  seconds: 1,
  seed: 1,
  again: '',
  folder: scenario,
});

const OTHER = finding('other', 'PASS');
const shows = (...places: string[]) => finding('files', 'FAIL', places);

test('a place is reported by the first scenario that has ended, and the others refer to it', () => {
  const reported = reportedOnce();
  const first = ended('stress/b', [OTHER, shows('a.log', 'b.log')]);
  expect(reported(first)).toBe(first);
  expect(reported(ended('stress/a', [OTHER, shows('b.log')]))).toMatchObject({
    verdict: 'PASS',
    findings: [OTHER],
    notes: ['"files" fails here for the same files, and is only reported in stress/b'],
  });
});

test('a finding with a new place stays whole, and so does a failure without places', () => {
  const reported = reportedOnce();
  reported(ended('stress/b', [shows('a.log')]));
  for (const more of [shows('a.log', 'new.log'), finding('other', 'FAIL')]) {
    const result = ended('stress/a', [OTHER, more]);
    expect(reported(result)).toBe(result);
  }
});

test('the scenario that reported it reports it again if it is measured again', () => {
  const reported = reportedOnce();
  for (const seconds of [1, 2]) {
    const result = { ...ended('stress/b', [OTHER, shows('a.log')]), seconds };
    expect(reported(result)).toBe(result);
  }
});

test('what else fails in a scenario still fails', () => {
  const reported = reportedOnce();
  reported(ended('stress/b', [shows('a.log')]));
  const result = reported(ended('stress/a', [finding('other', 'FAIL'), shows('a.log')]));
  expect(result).toMatchObject({ verdict: 'FAIL', findings: [{ check: 'other' }] });
});
