import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import {
  findingsTable,
  scenarioDetails,
  scenarioLine,
  scenarioTable,
  whatWasSeen,
} from '../../../../harness/report/text/terminal.ts';
import type { Finding } from '../../../../harness/verdict/finding.ts';
import { finding, scenarioResult } from '../../../support/run-result.ts';

const good = scenarioResult('chaos/a', [finding('opens', 'PASS'), finding('closes', 'PASS')]);
const bad = scenarioResult('chaos/b', [
  finding('closes', 'INCONCLUSIVE'),
  finding('opens', 'FAIL', { evidence: ['a receipt'] }),
  finding('stays up', 'PASS'),
]);

const details = (...args: Parameters<typeof scenarioDetails>) =>
  stripVTControlCharacters(scenarioDetails(...args).join('\n'));

test('a scenario takes one line: verdict, name, seconds and checks', () => {
  expect(stripVTControlCharacters(scenarioLine(good, 9))).toBe('PASS          chaos/a      8.3 s  2 checks');
  expect(stripVTControlCharacters(scenarioLine(bad, 0))).toBe(
    'FAIL          chaos/b    8.3 s  3 checks: 1 failed, 1 inconclusive',
  );
});

test('a scenario that passed has no details, except requests that nothing answered, and why it is a second run', () => {
  expect(details(good, '/results/run')).toBe('');
  const notes = ['payments answered 404 to GET /v2/refunds: no handler'];
  expect(details({ ...good, notes }, '/results/run')).toBe(`  note: ${notes[0]}`);
  expect(details({ ...good, measuredAgain: 'opens: 6 of 5' }, '/results/run')).toBe(
    '  note: measured again, because the first run was INCONCLUSIVE: opens: 6 of 5',
  );
});

test('a note of several scenarios is shown once', () => {
  const explained = new Set<string>();
  const shown = [good, bad].map((result) =>
    details({ ...result, notes: ['it was killed'] }, '/results/run', explained),
  );
  expect(shown.map((text) => text.includes('note: it was killed'))).toEqual([true, false]);
});

test('details only show checks that did not pass, failed ones first, and the next steps', () => {
  expect(details(bad, '/results/run').split('\n')).toEqual([
    '  FAIL  opens',
    '    expected: exactly 5',
    '    observed: 6 of 5',
    '        - a receipt',
    '  INCONCLUSIVE  closes',
    '    expected: exactly 5',
    '    observed: 6 of 5',
    '  logs: /results/run/chaos-b',
    '  run again: make chaos SCENARIO=chaos/b SEED=7',
  ]);
});

test('long evidence is truncated, and long texts are wrapped and indented', () => {
  const evidence = Array.from({ length: 8 }, (_, index) => `line ${index}`);
  const result = scenarioResult('chaos/c', [
    finding('opens', 'FAIL', { expected: 'word '.repeat(40).trim(), evidence }),
  ]);
  const text = details(result, '/r');
  expect(text).toContain('        - line 4\n        … and 3 lines more in the report');
  expect(text).toMatch(/^ {4}expected: word .*word\n {14}word/m);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
});

test('consequences of another check are one line below it, and a hint is printed once per run', () => {
  const usually = 'a retry below the breaker';
  const result = scenarioResult('chaos/d', [
    finding('closes', 'INCONCLUSIVE', { follows: 'opens' }),
    finding('opens', 'FAIL', { usually }),
    finding('reopens', 'FAIL', { follows: 'opens' }),
  ]);
  const explained = new Set<string>();
  const text = details(result, '/r', explained);
  expect(text).toContain(
    '    usually:  a retry below the breaker\n    and 2 checks that follow from it: closes; reopens\n',
  );
  expect(text.match(/expected:/g)).toHaveLength(1);
  expect(details(result, '/r', explained)).not.toContain('usually');
});

test('a failed check says how many spans of its requests are in the report', () => {
  const traces = [
    { id: 'a', spans: 4 },
    { id: 'b', spans: 0 },
  ];
  const of = (given: Finding['traces']) =>
    whatWasSeen(finding('opens', 'FAIL', given && { traces: given })).filter((line) => line.includes('traces'));
  expect(of(traces)).toEqual(['    traces:   4 spans of its requests are in the report']);
  expect(of(traces.slice(1))).toEqual([]);
  expect(of(undefined)).toEqual([]);
});

test('a failed check names the page that explains it', () => {
  const failed = finding('opens', 'FAIL', { usually: 'It counts wrongly.', checker: 'breaker-opens' });
  expect(details(scenarioResult('chaos/d', [failed]), '/r')).toContain(
    '    usually:  It counts wrongly.\n    page:     docs/checks/breaker-opens.md\n',
  );
});

test('the table shows all checks, with the evidence of those that did not pass', () => {
  const text = stripVTControlCharacters(scenarioTable(bad, '/results/run'));
  expect(text).toMatch(/stays up\W+exactly 5\W+6 of 5\W+PASS/);
  expect(text).toMatch(/opens\W+exactly 5\W+6 of 5\W+FAIL/);
  expect(text).toContain('a receipt');
  expect(text).toContain('logs: /results/run/chaos-b');
});

test('the table breaks words that are longer than a column', () => {
  const body = `{"detail":[{"loc":["body","question"],"msg":"${'x'.repeat(200)}"}]}`;
  const long = finding('serves ask', 'FAIL', { evidence: [body] });
  const text = stripVTControlCharacters(findingsTable([long]));
  expect(text).not.toContain('…');
  expect(text.replace(/[│\s]+/g, '')).toContain(body);
});
