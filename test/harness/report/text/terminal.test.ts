import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { scenarioTable } from '../../../../harness/report/text/terminal.ts';

const result = (verdict: 'PASS' | 'FAIL') => ({
  scenario: 'chaos/llm-outage',
  about: 'x',
  verdict,
  seconds: 8.25,
  seed: 7,
  again: 'make chaos SCENARIO=chaos/llm-outage SEED=7',
  folder: 'chaos-llm-outage',
  findings: [
    { check: 'opens at the threshold', expected: 'exactly 5', observed: '6 of 5', verdict, evidence: ['a receipt'] },
  ],
});

test('shows check, expected, observed and verdict of each finding', () => {
  const text = stripVTControlCharacters(scenarioTable(result('PASS'), '/results/run'));
  expect(text).toMatch(/PASS {2}chaos\/llm-outage {2}8\.\d s/);
  expect(text).toMatch(/opens at the threshold\W+exactly 5\W+6 of 5\W+PASS/);
  expect(text).not.toContain('again:');
});

test('shows the evidence of what did not pass, where the rest is, and how to run it again', () => {
  const text = stripVTControlCharacters(scenarioTable(result('FAIL'), '/results/run'));
  expect(text).toContain('a receipt');
  expect(text).toContain('evidence: /results/run/chaos-llm-outage');
  expect(text).toContain('again: make chaos SCENARIO=chaos/llm-outage SEED=7');
});
