import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { renderReport } from '../../../../harness/report/html/page.ts';
import { describeChart } from '../../../../harness/report/html/timeline-figures.ts';
import type { Proved } from '../../../../harness/verdict/proved.ts';
import { request, titled } from '../../../support/history.ts';
import { finding, runResult, scenarioResult } from '../../../support/run-result.ts';

const HOSTILE = `</script><script>alert("x")</script><img src=x onerror='alert(1)'>`;

/** Returns the page without its own style, script and policy. */
const content = (page: string) => page.slice(page.indexOf('<body>'), page.lastIndexOf('<script>'));

/** Returns the page content above the scenarios. */
const top = (page: string) => page.slice(0, page.indexOf('<h2>Scenarios</h2>'));

test('the verdict comes first, then the causes with the command that shows them again, and then the scenarios', async () => {
  const unproved = scenarioResult('stress/rate-limits', [finding('admits exactly N', 'INCONCLUSIVE')]);
  const failed = scenarioResult('chaos/llm-outage', [finding('steady', 'PASS'), finding('opens at 5', 'FAIL')]);
  const page = content(await renderReport(runResult([unproved, failed]), new Map()));
  expect(page).toContain('1 of 2 scenarios judged, 3 checks: 1 failed, 1 inconclusive.');
  const order = ['<h1>', 'Why it failed', '>opens at 5<', 'make chaos SCENARIO=chaos/llm-outage SEED=7'];
  const places = [...order, '1 check inconclusive', '>admits exactly N<', '<h2>Scenarios</h2>'].map((text) =>
    page.indexOf(text),
  );
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test('a cause has the number of its failures, its likely reason, and the checks that it explains', async () => {
  const once = { checker: 'once', usually: 'A client library retries.' };
  const follower = finding('closes after a trial', 'INCONCLUSIVE', { follows: 'attempts at groq' });
  const scenarios = ['chaos/a', 'chaos/b'].map((name) =>
    scenarioResult(name, [finding('attempts at groq', 'FAIL', once), follower]),
  );
  const page = top(content(await renderReport(runResult(scenarios), new Map())));
  expect(page).toContain('fails in 2 scenarios');
  expect(page).toMatch(/usually means<\/span> A client library retries\./);
  expect(page).toContain('<summary>2 checks that follow from it</summary>');
  expect(page).not.toContain('inconclusive</summary>');
});

test('a cause that may follow from another failure says so before its own likely reason', async () => {
  const closes = { checker: 'closes', restsOn: ['opens'], usually: 'They share a breaker.' };
  const scenarios = [
    scenarioResult('chaos/a', [finding('opens at 5', 'FAIL', { checker: 'opens', usually: 'It counts wrongly.' })]),
    scenarioResult('chaos/b', [finding('closes', 'FAIL', closes)]),
  ];
  const page = top(content(await renderReport(runResult(scenarios), new Map())));
  expect(page).toMatch(/usually means<\/span> It counts wrongly\./);
  expect(page).toMatch(/may follow from<\/span> opens at 5\. <span class="where">Otherwise:<\/span> They share/);
});

test('five causes are shown, and the others are collapsed', async () => {
  const many = Array.from({ length: 8 }, (_, index) => finding(`check ${index}`, 'FAIL'));
  const page = top(content(await renderReport(runResult([scenarioResult('chaos/a', many)]), new Map())));
  const [shown = '', folded = ''] = page.split('<summary>3 more causes</summary>');
  expect(shown.match(/class="cause"/g)).toHaveLength(5);
  expect(folded.match(/class="cause"/g)).toHaveLength(3);
});

test.each([
  ['INCONCLUSIVE', true],
  ['FAIL', false],
] as const)('the page explains INCONCLUSIVE if a check is %s: %s', async (verdict, isExplained) => {
  const page = content(await renderReport(runResult([scenarioResult('chaos/a', [finding('x', verdict)])]), new Map()));
  expect(page.includes('had too little data to pass or to fail')).toBe(isExplained);
});

test('scenarios that failed are expanded, and each problem links to its evidence', async () => {
  const failed = scenarioResult('chaos/a', [finding('opens', 'FAIL', { evidence: ['receipt 12'] })]);
  const unproved = scenarioResult('chaos/c', [finding('y', 'INCONCLUSIVE')]);
  const page = content(
    await renderReport(runResult([scenarioResult('chaos/b', [finding('x', 'PASS')]), unproved, failed]), new Map()),
  );
  expect(page).toContain('id="chaos-a" open');
  expect(page).not.toContain('id="chaos-b" open');
  expect(page).not.toContain('id="chaos-c" open');
  const [, target] = /<a href="#([^"]+)">opens</.exec(page) ?? [];
  expect(page).toMatch(new RegExp(`<section class="card FAIL" id="${target}"[^]*receipt 12[^]*</section>`));
});

test('a scenario shows the requests that no upstream could answer', async () => {
  const note = 'payments answered 404 to GET /v2/refunds: no handler';
  const passed = { ...scenarioResult('chaos/a', [finding('x', 'PASS')]), notes: [note] };
  expect(content(await renderReport(runResult([passed]), new Map()))).toContain(`<p class="note">${note}</p>`);
});

test('lists the mutants that were not caught, and the checks that can not be proved', async () => {
  const pair = { checker: 'a', scenario: 'chaos/a', why: 'it acted, and a passed' };
  const proved: Proved = {
    checkers: ['a', 'b'],
    pairs: [
      { ...pair, mutant: 'm', outcome: 'missed' },
      { ...pair, mutant: 'n', outcome: 'caught' },
      { ...pair, mutant: 'o', outcome: 'undecided' },
    ],
    unprovable: [{ checker: 'b', why: 'no rows' }],
    seconds: 9,
    stopped: 'interrupted by SIGINT',
  };
  const result = { ...runResult([scenarioResult('chaos/a', [finding('x', 'PASS')])]), proved };
  const page = content(await renderReport(result, new Map()));
  expect(page).toContain('0 of 2 checks proved on this service (stopped early: interrupted by SIGINT)');
  const [list = ''] = /<section class="not-judged" aria-labelledby="proved">.*?<\/section>/s.exec(page) ?? [];
  expect([...list.matchAll(/<li><p>(.*?)<\/p>/g)].map(([, item]) => item)).toEqual([
    '<strong>a × m</strong> (not caught): it acted, and a passed',
    '<strong>a × o</strong> (undecided): it acted, and a passed',
    'b: no rows',
  ]);
});

test('a comparison names its folder, and no files that only a scenario has', async () => {
  const compared = { ...scenarioResult('gate/comparison', [finding('p50', 'PASS')]), folder: 'gate-comparison' };
  const page = content(await renderReport(runResult([compared]), new Map()));
  expect(page).toContain('<code>gate-comparison/</code> in the run folder');
  expect(page).not.toMatch(/history\.ndjson|service\.log/);
});

test('INCONCLUSIVE scenarios are expanded if none failed', async () => {
  const unproved = scenarioResult('chaos/c', [finding('y', 'INCONCLUSIVE')]);
  expect(content(await renderReport(runResult([unproved]), new Map()))).toContain('id="chaos-c" open');
});

test('findings that are consequences or repetitions of a failure are collapsed in its card', async () => {
  const scenario = scenarioResult('chaos/a', [
    finding('attempts at groq: reset', 'FAIL'),
    finding('attempts at groq: 500', 'FAIL'),
    finding('closes', 'INCONCLUSIVE', { follows: 'attempts at groq: reset' }),
  ]);
  const page = content(await renderReport(runResult([scenario]), new Map()));
  expect(page.match(/<section class="card/g)).toHaveLength(1);
  expect(page).toContain('<summary>1 more check of this kind</summary>');
  expect(page).toContain('<summary>1 check that follows from it</summary>');
});

test('every link has exactly one target on the page', async () => {
  const scenarios = ['chaos/a', 'chaos/b'].map((name) =>
    scenarioResult(name, [finding('calls: a', 'FAIL'), finding('calls: b', 'FAIL'), finding('x', 'INCONCLUSIVE')]),
  );
  const page = content(await renderReport(runResult(scenarios), new Map()));
  const targets = [...page.matchAll(/href="([^"]*)"/g)].map(([, target = '']) => target);
  expect(targets.length).toBeGreaterThan(4);
  const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => `#${id}`);
  expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted());
  for (const target of targets) expect(ids).toContain(target);
});

test('requests and the end of the log are shown if a scenario did not pass', async () => {
  const names = ['chaos/failed', 'chaos/passed'];
  const [failed = '', passed = ''] = names;
  const result = runResult([
    scenarioResult(failed, [finding('x', 'FAIL')]),
    scenarioResult(passed, [finding('x', 'PASS')]),
  ]);
  const histories = new Map(names.map((name) => [name, [request(1, 1, 500, { phase: 'steady' })]]));
  const logs = new Map(names.map((name) => [name, [`${name} <crashed>`, 'y'.repeat(1_000)]]));
  const page = content(await renderReport(result, histories, logs));
  expect(page.match(/<summary>Requests \(1 of 1\)<\/summary>/g)).toHaveLength(1);
  expect(page).toContain('<li>chaos/failed &lt;crashed&gt;</li>');
  expect(page).not.toContain('chaos/passed &lt;crashed&gt;');
  expect(page).toContain(`<li>${'y'.repeat(400)}…</li>`);
});

test('the list of events shows the message of a JSON log line', async () => {
  const transition = (line: string): HistoryEvent => ({
    type: 'transition',
    at: 1_000_002,
    breaker: 'llm',
    to: 'open',
    line,
  });
  const textAfter = async (line: string) => {
    const events = new Map([['chaos/a', [titled('steady', 0, 0), transition(line)]]]);
    return /<span>breaker llm (open: .*?)<\/span>/.exec(
      content(await renderReport(runResult([scenarioResult('chaos/a', [])]), events)),
    )?.[1];
  };
  expect(await textAfter('{"level":40,"msg":"it opened","request_id":"7"}')).toBe('open: it opened');
  expect(await textAfter('{"event":"it opened"}')).toBe('open: it opened');
  expect(await textAfter('12:00 it {opened}')).toBe('open: 12:00 it {opened}');
  expect(await textAfter('null')).toBe('open: null');
});

test('names, findings and log lines are escaped', async () => {
  const scenario = scenarioResult(HOSTILE, [finding(HOSTILE, 'FAIL', { expected: HOSTILE, evidence: [HOSTILE] })], {
    about: HOSTILE,
    again: HOSTILE,
    folder: `"><script>`,
  });
  const events: HistoryEvent[] = [
    titled(HOSTILE, 0, 0),
    request(1, 1, 200, {}),
    { type: 'transition', at: 1_000_002, breaker: HOSTILE, to: 'open', line: HOSTILE },
    { type: 'fault', at: 1_000_003, upstream: HOSTILE, id: 'f1', asked: { kind: HOSTILE } },
  ];
  const result = runResult([scenario], { name: HOSTILE, service: HOSTILE, postgres: HOSTILE, stopped: HOSTILE });
  const page = await renderReport(result, new Map([[HOSTILE, events]]));
  expect(content(page).match(/<script/g)).toHaveLength(1);
  expect(page).not.toContain('<img');
  expect(page).not.toContain('alert("x")');
  const [, data = ''] = /<script type="application\/json">(.*?)<\/script>/.exec(page) ?? [];
  expect(JSON.parse(data).marks[0].line).toBe(HOSTILE);
});

const CAPACITY = {
  columns: ['requests/s', 'p50, ms', HOSTILE],
  rows: [
    [25, 2, 'a'],
    [50, 3.5, 'b'],
    [75, 30, HOSTILE],
  ],
  curve: ['p50, ms'],
};

test.each(['PASS', 'FAIL'] as const)(
  'measurements of a check are a table and a described curve: %s',
  async (verdict) => {
    const scenario = scenarioResult('load/ramp', [finding('capacity', verdict, { table: CAPACITY })]);
    const page = content(await renderReport(runResult([scenario]), new Map()));
    expect(page).toContain('<th scope="col" class="number">p50, ms</th><th scope="col">&lt;/script&gt;');
    expect(page).toContain('<tr><th scope="row" class="number">50</th><td class="number">3.5</td><td>b</td></tr>');
    expect(page).not.toContain('<img');
    expect(page).toContain('aria-label="p50, ms over requests/s. p50, ms: 2 to 30"');
    const [, data = ''] = /<script type="application\/json">(.*?)<\/script>/.exec(page) ?? [];
    expect(JSON.parse(data)).toMatchObject({
      axis: 'requests/s',
      zero: 0,
      charts: [{ x: [25, 50, 75], series: [{ label: 'p50, ms', values: [2, 3.5, 30] }] }],
    });
  },
);

test('an expected text and the one that a caller got are side by side, with what differs', async () => {
  const texts = { expected: [{ text: 'lako' }, { text: HOSTILE, differs: true as const }], got: [] };
  const scenario = scenarioResult('stress/smoke', [
    finding('whole', 'FAIL', { texts }),
    finding('own', 'PASS', { texts }),
  ]);
  const page = content(await renderReport(runResult([scenario]), new Map()));
  expect(page.match(/<dt>Expected text<\/dt><dd>lako <mark>&lt;\/script&gt;/g)).toHaveLength(2);
  expect(page).toContain('<dt>Text that the caller got</dt><dd>no words</dd>');
});

test('a column with at least one number is aligned as numbers', async () => {
  const table = {
    columns: ['', 'with'],
    rows: [
      ['calls', 9],
      ['processor time', '?'],
    ],
  };
  const scenario = scenarioResult('chaos/breaker-benefit', [finding('less waiting', 'PASS', { table })]);
  const page = content(await renderReport(runResult([scenario]), new Map()));
  expect(page).toContain('<th scope="row">processor time</th><td class="number">?</td>');
});

test.each([
  ['without one', { ...CAPACITY, curve: [] }],
  ['of two points', { ...CAPACITY, rows: CAPACITY.rows.slice(1) }],
])('there is no curve %s, only the table', async (_, table) => {
  const scenario = scenarioResult('load/ramp', [finding('capacity', 'PASS', { table })]);
  const page = content(await renderReport(runResult([scenario]), new Map()));
  expect(page).toContain('<td class="number">30</td>');
  expect(page).not.toContain('application/json');
});

test("the content security policy only allows the page's own script and style, by digest", async () => {
  const page = await renderReport(runResult([]), new Map());
  const policy = (/Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '').replaceAll('&#39;', "'");
  const digest = (tag: string) => {
    const text = page.slice(page.lastIndexOf(`<${tag}>`) + tag.length + 2, page.lastIndexOf(`</${tag}>`));
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  };
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    `script-src ${digest('script')}`,
    `style-src ${digest('style')}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
});

test('each chart has a description for screen readers', () => {
  const x = [0, 1];
  expect(
    describeChart({ kind: 'bars', title: 'Calls', x, series: [{ label: 'groq', look: 'first', values: [2, 3] }] }),
  ).toBe('Calls. groq: 5 in all');
  const p50 = { label: 'p50', look: 'first' as const, values: [null, 3, 8] };
  expect(describeChart({ kind: 'lines', title: 'Latency', unit: 'ms', x: [0, 1, 2], series: [p50] })).toBe(
    'Latency. p50: 3 to 8 ms',
  );
  const bands = [{ lane: 'llm', from: 1, to: 2, label: 'open', look: 'bad' as const }];
  expect(describeChart({ kind: 'lanes', title: 'Breakers', lanes: ['llm'], bands })).toBe(
    'Breakers. llm: open from 1 to 2 s',
  );
});

test('the top lists the scenarios that were not judged, with the reasons, and those that were required', async () => {
  const skipped = [{ name: 'chaos/b', judges: 'LLM <outages>', skipped: 'the contract describes no breaker' }];
  const good = scenarioResult('chaos/a', [finding('x', 'PASS')]);
  const page = content(await renderReport(runResult([good], { skipped, requires: ['chaos/b'] }), new Map()));
  expect(top(page)).toContain('1 of 2 scenarios judged, 1 check. Required, but not judged: chaos/b because');
  expect(top(page)).toContain('Not judged: 1 of 2 scenarios');
  expect(top(page)).toMatch(
    /because <strong>the contract describes no breaker<\/strong>[\s\S]*LLM &lt;outages&gt; <span class="where">chaos\/b</,
  );
});

test('there is no list of scenarios that were not judged if all were', async () => {
  const page = content(await renderReport(runResult([scenarioResult('chaos/a', [finding('x', 'PASS')])]), new Map()));
  expect(page).not.toContain('Not judged');
});

test('each promise is listed in its part of the contract, and a check that is not applicable in its scenario', async () => {
  const notApplicable = [{ checker: 'pool-recovers', reason: 'there is no pool' }];
  const run = runResult([scenarioResult('chaos/a', [finding('x', 'PASS')], { notApplicable })]);
  const served = (name: string) => ({
    promise: ['endpoints', name, 'served'],
    verdict: 'PASS' as const,
    checks: 1,
    scenarios: ['chaos/a'],
  });
  const names = ['<a>', 'b', 'c', 'd'];
  const ledger = { promise: ['ledger'], because: 'chaos/b was skipped: no row', checks: 0, scenarios: ['chaos/b'] };
  const coverage = { ...run.coverage, promises: [...names.map(served), ledger] };
  const page = content(await renderReport({ ...run, coverage }, new Map()));
  expect(page).toContain('<summary>endpoints: 4 of 4 judged, 0 proved</summary>');
  expect(page).toContain('<summary>4 of them</summary>&lt;a&gt;, b, c, d</details>');
  expect(page).toContain('<summary>ledger: 0 of 1 judged, 0 proved</summary>');
  expect(page).toContain('chaos/b was skipped: no row');
  expect(page).toContain('<a href="#promises">');
  expect(page).toContain('<summary>1 check not applicable to this contract</summary>');
  expect(page).toContain('pool-recovers, because there is no pool');
  expect(content(await renderReport(run, new Map()))).not.toContain('id="promises"');
});
