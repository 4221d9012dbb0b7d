import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { renderReport } from '../../../../harness/report/html/page.ts';
import { describeChart } from '../../../../harness/report/html/timeline-figures.ts';
import { phase, request } from '../../../support/history.ts';
import { finding, runResult, scenarioResult } from '../../../support/run-result.ts';

const HOSTILE = `</script><script>alert("x")</script><img src=x onerror='alert(1)'>`;

/** The page without its own style, script and policy. */
const content = (page: string) => page.slice(page.indexOf('<body>'), page.lastIndexOf('<script>'));

test('says the verdict first, then what did not pass, failures before what was not proved, and how to see it again', async () => {
  const unproved = scenarioResult('stress/rate-limits', [finding('admits exactly N', 'INCONCLUSIVE')]);
  const failed = scenarioResult('chaos/llm-outage', [finding('steady', 'PASS'), finding('opens at 5', 'FAIL')]);
  const page = content(await renderReport(runResult([unproved, failed]), new Map()));
  expect(page).toContain('1 of 2 scenarios, 3 checks: 1 failed, 1 not proved.');
  const order = [
    '<h1>',
    '1 check failed, 1 check not proved',
    '>opens at 5<',
    'make chaos SCENARIO=chaos/llm-outage SEED=7',
  ];
  const places = [...order, '>admits exactly N<', '<h2>Scenarios</h2>'].map((text) => page.indexOf(text));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test('tells four checks of a scenario at the top, and leads to the rest', async () => {
  const many = Array.from({ length: 11 }, (_, index) => finding(`check ${index}`, 'INCONCLUSIVE'));
  const page = content(await renderReport(runResult([scenarioResult('chaos/a', many)]), new Map()));
  const top = page.slice(0, page.indexOf('<h2>Scenarios</h2>'));
  expect(top.match(/>check \d+</g)).toHaveLength(4);
  expect(top).toContain('<a href="#chaos-a">7 more</a>');
});

test.each([
  ['INCONCLUSIVE', true],
  ['FAIL', false],
] as const)('says what not proved means where a check is %s', async (verdict, said) => {
  const page = content(await renderReport(runResult([scenarioResult('chaos/a', [finding('x', verdict)])]), new Map()));
  expect(page.includes('says neither that it held nor that it did not')).toBe(said);
});

test('opens scenarios that did not pass, and leads from each problem to its evidence', async () => {
  const failed = scenarioResult('chaos/a', [finding('opens', 'FAIL', { evidence: ['receipt 12'] })]);
  const page = content(
    await renderReport(runResult([scenarioResult('chaos/b', [finding('x', 'PASS')]), failed]), new Map()),
  );
  expect(page).toContain('id="chaos-a" open');
  expect(page).not.toContain('id="chaos-b" open');
  const [, target] = /<a href="#([^"]+)">opens</.exec(page) ?? [];
  expect(page).toMatch(new RegExp(`<section class="card FAIL" id="${target}"[^]*receipt 12[^]*</section>`));
});

test('of a line of the log in JSON, what happened tells the message', async () => {
  const transition = (line: string): HistoryEvent => ({
    ...{ type: 'transition', at: 1_000_002, breaker: 'llm', to: 'open', line },
  });
  const told = async (line: string) => {
    const events = new Map([['chaos/a', [phase('steady', 0, 0), transition(line)]]]);
    return /<span>breaker llm (open: .*?)<\/span>/.exec(
      content(await renderReport(runResult([scenarioResult('chaos/a', [])]), events)),
    )?.[1];
  };
  expect(await told('{"level":40,"msg":"it opened","request_id":"7"}')).toBe('open: it opened');
  expect(await told('{"event":"it opened"}')).toBe('open: it opened');
  expect(await told('12:00 it {opened}')).toBe('open: 12:00 it {opened}');
  expect(await told('null')).toBe('open: null');
});

test('lets no script or markup in from names, findings or the log', async () => {
  const scenario = scenarioResult(HOSTILE, [finding(HOSTILE, 'FAIL', { expected: HOSTILE, evidence: [HOSTILE] })], {
    ...{ about: HOSTILE, again: HOSTILE, folder: `"><script>` },
  });
  const events: HistoryEvent[] = [
    phase(HOSTILE, 0, 0),
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
  'what was measured is a table, and a curve in words, of a check: %s',
  async (verdict) => {
    const scenario = scenarioResult('load/ramp', [finding('capacity', verdict, { table: CAPACITY })]);
    const page = content(await renderReport(runResult([scenario]), new Map()));
    expect(page).toContain('<th scope="col" class="number">p50, ms</th><th scope="col">&lt;/script&gt;');
    expect(page).toContain('<tr><th scope="row" class="number">50</th><td class="number">3.5</td><td>b</td></tr>');
    expect(page).not.toContain('<img');
    expect(page).toContain('aria-label="p50, ms over requests/s. p50, ms: 2 to 30"');
    const [, data = ''] = /<script type="application\/json">(.*?)<\/script>/.exec(page) ?? [];
    expect(JSON.parse(data)).toMatchObject({
      ...{ axis: 'requests/s', zero: 0 },
      charts: [{ x: [25, 50, 75], series: [{ label: 'p50, ms', values: [2, 3.5, 30] }] }],
    });
  },
);

test('a column that has a number is one of numbers, whatever else is not known of it', async () => {
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
])('there is no curve %s, but the table', async (_, table) => {
  const scenario = scenarioResult('load/ramp', [finding('capacity', 'PASS', { table })]);
  const page = content(await renderReport(runResult([scenario]), new Map()));
  expect(page).toContain('<td class="number">30</td>');
  expect(page).not.toContain('application/json');
});

test('its policy admits its own script and style, by their digests, and nothing else', async () => {
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

test('says every chart in words, for those who do not see it', () => {
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

test('says at the top what was not judged and why, and what was required of it', async () => {
  const skipped = [{ name: 'chaos/b', judges: 'LLM <outages>', skipped: 'the contract describes no breaker' }];
  const good = scenarioResult('chaos/a', [finding('x', 'PASS')]);
  const page = content(await renderReport(runResult([good], { skipped, requires: ['chaos/b'] }), new Map()));
  const top = page.slice(0, page.indexOf('<h2>Scenarios</h2>'));
  expect(top).toContain('1 of 2 scenarios, 1 check. Required, but not judged: chaos/b because');
  expect(top).toContain('Not judged: 1 of 2 scenarios');
  expect(top).toMatch(
    /because <strong>the contract describes no breaker<\/strong>[\s\S]*LLM &lt;outages&gt; <span class="where">chaos\/b</,
  );
});

test('has no list of what was not judged if all of it was', async () => {
  const page = content(await renderReport(runResult([scenarioResult('chaos/a', [finding('x', 'PASS')])]), new Map()));
  expect(page).not.toContain('Not judged');
});
