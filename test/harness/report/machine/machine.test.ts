import { expect, test } from 'vitest';
import { annotations } from '../../../../harness/report/machine/annotations.ts';
import { junit } from '../../../../harness/report/machine/junit.ts';
import { markdown } from '../../../../harness/report/machine/markdown.ts';
import { openMetrics } from '../../../../harness/report/machine/open-metrics.ts';
import { finding, runResult, scenarioResult } from '../../../support/run-result.ts';

const CONTRACT = 'proofload.yaml';

const mixed = runResult([
  scenarioResult(
    'chaos/llm-outage',
    [
      finding('steady', 'PASS'),
      finding('opens <at> 5 & "no later"', 'FAIL', {
        observed: 'a\u0000b',
        evidence: ['receipt 12'],
        usually: 'a cause',
      }),
      finding('reopens', 'INCONCLUSIVE'),
    ],
    { script: 'chaos/outage' },
  ),
]);

test('JUnit has a test case for each check: FAIL is a failure, and INCONCLUSIVE an error', () => {
  const xml = junit(mixed);
  expect(xml).toContain('<testsuite name="chaos/llm-outage" tests="3" failures="1" errors="1"');
  expect(xml).toContain('<testcase classname="chaos.llm-outage" name="steady"/>');
  expect(xml).toMatch(
    /name="opens &lt;at&gt; 5 &amp; &quot;no later&quot;"><failure message="a\\u0000b">expected: exactly 5\n/,
  );
  expect(xml).toMatch(/name="reopens"><error message="6 of 5">[^<]*again: make chaos [^<]*<\/error>/);
});

test('JUnit reports a run that was stopped as an error', () => {
  const passed = runResult([scenarioResult('chaos/a', [finding('x', 'PASS')])], { stopped: 'interrupted by SIGINT' });
  expect(junit(passed)).toMatch(/<testsuites [^>]*tests="2" failures="0" errors="1"/);
  expect(junit(passed)).toContain(
    '<testcase classname="chaos" name="run completed"><error message="interrupted by SIGINT"/>',
  );
});

test('the summary for a pull request has the failures, their reasons, and the command to repeat them', () => {
  const text = markdown(mixed);
  expect(text).toContain('## ❌ FAIL: proofload chaos');
  expect(text).toContain('**❌ opens &#60;at&#62; 5 &#38; "no later"** in `chaos/llm-outage`');
  expect(text).toMatch(/- observed: \*\*6 of 5\*\*\n- again: `make chaos SCENARIO=chaos\/llm-outage SEED=7`/);
  expect(text).toContain('| ❌ FAIL | chaos/llm-outage | 1 of 3 | 8.3 s |');
  expect(text).not.toContain('**steady**');
});

test('the summary lists twenty problems, and the number of further ones', () => {
  const many = Array.from({ length: 23 }, (_, index) => finding(`check ${index}`, 'FAIL'));
  const text = markdown(runResult([scenarioResult('chaos/a', many)]));
  expect(text.match(/- observed/g)).toHaveLength(20);
  expect(text).toContain('… and 3 more, in the report.');
});

test('a hostile name can neither break out of the table nor mention anyone', () => {
  const text = markdown(runResult([scenarioResult('a|b`c', [finding('@team <img> [x](y)\n# z', 'FAIL')])]));
  expect(text).not.toMatch(/@team|<img|\[x\]|\n# z|`a\|b`c`/);
});

test('an annotation contains no characters that a terminal interprets', () => {
  const found = finding('x\u001b[2J', 'FAIL', { observed: '\u202e\n::stop-commands::x' });
  const [line = ''] = annotations(runResult([scenarioResult('chaos/a', [found])]), CONTRACT);
  expect(line).toContain('x\\u001b[2J');
  expect(line).toContain('%0A');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: matching them is the purpose
  expect(line).not.toMatch(/[\u0000-\u001f\u202e]/);
});

test('annotations are one line each, an error for FAIL and a warning for INCONCLUSIVE', () => {
  const [failed, unproved] = annotations(mixed, CONTRACT);
  expect(failed).toMatch(/^::error file=proofload\.yaml,title=FAIL%3A chaos\/llm-outage%3A opens [^:]*::expected/);
  expect(unproved).toMatch(/^::warning /);
  expect(annotations(mixed, CONTRACT)).toHaveLength(2);
  expect(failed).toContain('%0Aevidence: receipt 12%0Ausually: a cause%0Aagain: make chaos');
  expect([failed, unproved].join('')).not.toContain('\n');
});

test.each([
  ['beside the working directory', '../api/proofload.yaml', '..', 'file=api/proofload.yaml,'],
  ['with a comma in its path', 'a,b/proofload.yaml', '.', 'file=a%2Cb/proofload.yaml,'],
  ['outside the repository', '../proofload.yaml', '.', ''],
  ['of an installed package', 'node_modules/proofload/examples/item-service/proofload.yaml', '.', ''],
])('an annotation names a contract %s only if the repository has it', (_, contract, workspace, file) => {
  const [failed] = annotations(mixed, contract, workspace);
  expect(failed).toMatch(new RegExp(`^::error ${file}title=`));
});

test('annotations begin with the most important cause', () => {
  const checks = [
    finding('refuses', 'FAIL', { follows: 'opens' }),
    finding('reopens', 'INCONCLUSIVE'),
    finding('opens', 'FAIL'),
  ];
  const titles = annotations(runResult([scenarioResult('chaos/a', checks)]), CONTRACT).map(
    (line) => /title=(.*?)::/.exec(line)?.[1],
  );
  expect(titles.map((title) => title?.split('%3A ').at(-1))).toEqual(['opens', 'refuses', 'reopens']);
});

test('the OpenMetrics snapshot counts checks by verdict, and ends as the format requires', async () => {
  const text = await openMetrics(mixed);
  expect(text).toContain('proofload_checks{run="chaos",scenario="chaos/llm-outage",verdict="INCONCLUSIVE"} 1');
  expect(text).toContain('proofload_run{run="chaos",verdict="FAIL",profile="fast",engine="embedded"} 1');
  expect(text).toContain('proofload_run{run="chaos",verdict="PASS",profile="fast",engine="embedded"} 0');
  expect(text.endsWith('# EOF\n')).toBe(true);
});

const skipped = [
  { name: 'chaos/b', judges: 'LLM outages', skipped: 'the contract describes no "llm" | breaker' },
  { name: 'chaos/c', judges: 'late results', skipped: 'the contract describes no "llm" | breaker' },
];
const partial = runResult([scenarioResult('chaos/a', [finding('x', 'PASS')])], { skipped });

test('JUnit has a skipped test case for each skipped scenario, with its reason', () => {
  const xml = junit(partial);
  expect(xml).toMatch(/<testsuites [^>]*tests="3" failures="0" errors="0" skipped="2"/);
  expect(xml).toContain(
    '<testsuite name="chaos/b" tests="1" failures="0" errors="0" skipped="1" time="0">' +
      '<testcase classname="chaos.b" name="LLM outages"><skipped message="the contract describes no &quot;llm&quot; | breaker"/>',
  );
});

test('JUnit reports a required scenario that was skipped as an error', () => {
  const xml = junit({ ...partial, requires: ['chaos/b'] });
  expect(xml).toMatch(/<testsuites [^>]*tests="3" failures="0" errors="1" skipped="1"/);
  expect(xml).toContain('name="LLM outages"><error message="required, but not judged: the contract');
});

test('the summary for a pull request has the coverage, and the subjects that were not judged', () => {
  const text = markdown({ ...partial, requires: ['chaos/c'] });
  expect(text).toContain('1 of 3 scenarios judged, 1 check. Required, but not judged: chaos/c because');
  expect(text).toContain(
    '| not judged | because |\n| --- | --- |\n' +
      '| LLM outages (`chaos/b`), late results (`chaos/c`) | the contract describes no "llm" &#124; breaker |',
  );
});

test('subjects that were not judged are a notice, or a warning if they are required', () => {
  expect(annotations(partial, CONTRACT)).toEqual([
    expect.stringMatching(
      /^::notice title=PASS%3A 1 of 3 scenarios judged%2C 1 check::Not judged: LLM outages, late results because/,
    ),
  ]);
  const [warning, ...rest] = annotations({ ...partial, requires: ['chaos/b'] }, CONTRACT);
  expect(warning).toMatch(
    /^::warning file=proofload\.yaml,title=INCONCLUSIVE%3A chaos\/b%3A required%2C but not judged::the contract/,
  );
  expect(rest).toHaveLength(1);
});

test('the summary has the promises that were not judged, by reason, and how many there are', () => {
  const promises = ['a', 'b'].map((name) => ({
    promise: ['breakers', name, 'refusal'],
    because: 'its checks could not decide: 5|6',
    checks: 0,
    scenarios: [],
  }));
  const text = markdown({ ...mixed, coverage: { ...mixed.coverage, promises } });
  expect(text).toContain('; 0 of 2 promises judged, 0 proved');
  expect(text).toContain('<summary>2 of 2 promises not judged</summary>');
  expect(text).toContain('| breakers.&#42;.refusal (a, b) | its checks could not decide: 5&#124;6 |');
});
