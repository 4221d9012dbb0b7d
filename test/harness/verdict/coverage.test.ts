import { expect, test } from 'vitest';
import { notJudgedList } from '../../../harness/report/text/not-judged-list.ts';
import { summarize } from '../../../harness/report/text/summary.ts';
import { coverageOf, unmet } from '../../../harness/verdict/coverage.ts';
import { finding, runResult, scenarioResult } from '../../support/run-result.ts';

const NO_BREAKER = 'the contract describes no breaker in this profile';
const NO_POOL = 'the contract describes no pool';
const skip = (name: string, judges: string, skipped = NO_BREAKER) => ({ name, judges, skipped });

const good = scenarioResult('stress/smoke', [finding('serves', 'PASS'), finding('stays up', 'PASS')]);
const SKIPPED = [
  skip('stress/connection-ceiling', 'connection ceiling', NO_POOL),
  skip('chaos/llm-outage', 'LLM outages'),
  skip('chaos/slow-upstream', 'upstream timeouts'),
];
const partial = runResult([good], { skipped: SKIPPED });

test("a PASS reports its coverage, and what it doesn't cover for which reason, largest group first", () => {
  expect(partial.verdict).toBe('PASS');
  expect(summarize(partial)).toBe(
    '1 of 4 scenarios judged, 2 checks. Not judged: LLM outages, upstream timeouts because the contract describes no breaker in ' +
      'this profile; connection ceiling because the contract describes no pool.',
  );
});

test('scenarios whose promises the contract does not make are counted apart, with at most what to add', () => {
  const unpromised = SKIPPED.map((skipped) => ({ ...skipped, unpromised: true as const }));
  const running = skip('chaos/freeze', 'freezes', 'the service is elsewhere');
  const { coverage, ...run } = runResult([good], { skipped: [...unpromised, running] });
  const likely = [
    { promise: 'pool', because: 'it has a database' },
    { promise: 'termination', because: 'each deployment ends it' },
  ];
  expect(summarize({ ...run, coverage: { ...coverage, likely } })).toBe(
    '1 of 2 scenarios judged, 2 checks. Not judged: freezes because the service is elsewhere. 3 scenarios need promises ' +
      'that this contract does not make: proofload list. Likely promises to add: pool (it has a database), termination ' +
      '(each deployment ends it).',
  );
});

test('a run that judged everything reports nothing else', () => {
  expect(summarize(runResult([good]))).toBe('1 of 1 scenario judged, 2 checks.');
});

test('checks that did not pass are counted next to the coverage', () => {
  const bad = scenarioResult('chaos/a', [finding('x', 'FAIL'), finding('y', 'INCONCLUSIVE'), finding('z', 'PASS')]);
  expect(summarize(runResult([good, bad]))).toBe('2 of 2 scenarios judged, 5 checks: 1 failed, 1 inconclusive.');
});

test('one line names two groups and three scenarios of each, and the list for a terminal names all of them', () => {
  const many = ['a', 'b', 'c', 'd'].flatMap((reason, nth) =>
    Array.from({ length: 6 - nth }, (_, index) =>
      skip(`chaos/${reason}${index}`, `${reason} ${index}`, `of ${reason}`),
    ),
  );
  const run = runResult([good], { skipped: many });
  expect(summarize(run)).toBe(
    '1 of 19 scenarios judged, 2 checks. Not judged: a 0, a 1, a 2 and 3 more because of a; b 0, b 1, b 2 and 2 more because of b; ' +
      '7 more for other reasons.',
  );
  const list = notJudgedList(run, 80);
  for (const { name } of many) expect(list).toContain(`(${name})`);
});

test('the list fits the width of the terminal, but stays readable', () => {
  const long = Array.from({ length: 12 }, (_, index) => skip(`chaos/scenario-${index}`, `kind of outage ${index}`));
  for (const [columns, width] of [
    [80, 80],
    [120, 120],
    [300, 120],
    [undefined, 120],
  ] as const) {
    const lines = notJudgedList(runResult([good], { skipped: long }), columns).split('\n');
    expect(lines[0]).toBe('Not judged: 12 of 13');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(width);
    expect(lines.length).toBeGreaterThan(4);
  }
});

test('a scenario whose checks decide nothing was not judged', () => {
  const open = scenarioResult('chaos/b', [finding('x', 'INCONCLUSIVE')], { judges: 'late results' });
  expect(summarize(runResult([good, open]))).toBe(
    '1 of 2 scenarios judged, 3 checks: 1 inconclusive. Not judged: late results because none of its checks could decide.',
  );
});

test('a scenario that could not be set up was not judged, and the reason is reported', () => {
  const problem = 'SERVICE_NOT_READY: a service (node a.js) is not ready: no 2xx from /ready';
  const broken = scenarioResult('chaos/b', [finding('scenario set up', 'INCONCLUSIVE')], {
    judges: 'LLM outages',
    notRun: problem,
  });
  expect(summarize(runResult([good, broken]))).toContain(`Not judged: LLM outages because ${problem}.`);
});

test('without any judged check, there is no PASS', () => {
  const empty = runResult([], { skipped: SKIPPED });
  expect(empty.verdict).toBe('INCONCLUSIVE');
  expect(summarize(empty)).toMatch(/^0 of 3 scenarios judged, 0 checks\. Not judged: /);
});

test('a skipped required scenario turns a PASS into INCONCLUSIVE, with the reason', () => {
  const run = runResult([good], { skipped: SKIPPED, requires: ['stress/smoke', 'chaos/llm-outage'] });
  expect(run.verdict).toBe('INCONCLUSIVE');
  expect(unmet(run)).toEqual([{ name: 'chaos/llm-outage', because: NO_BREAKER }]);
  expect(summarize(run)).toContain(
    `4 scenarios judged, 2 checks. Required, but not judged: chaos/llm-outage because ${NO_BREAKER}. Not judged: `,
  );
});

test('a required scenario that was judged changes nothing, and a FAIL stays a FAIL', () => {
  expect(runResult([good], { requires: ['stress/smoke'] }).verdict).toBe('PASS');
  const bad = scenarioResult('chaos/a', [finding('x', 'FAIL')]);
  expect(runResult([bad], { skipped: SKIPPED, requires: ['chaos/llm-outage'] }).verdict).toBe('FAIL');
});

test('a required scenario that the run did not get to was not judged', () => {
  const stopped = 'interrupted by SIGINT';
  const run = runResult([good], {
    coverage: coverageOf({ scenarios: [good], skipped: [] }, 3),
    requires: ['chaos/x'],
    stopped,
  });
  expect(summarize(run)).toBe(
    '1 of 3 scenarios judged, 2 checks. The run was stopped early: interrupted by SIGINT. ' +
      'Required, but not judged: chaos/x because the run ended before reaching it.',
  );
});
