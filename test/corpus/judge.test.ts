import { expect, test } from 'vitest';
import { compare } from './compare.ts';
import { judge } from './judge.ts';
import { outcomeOf } from './outcome.ts';
import { tableOf } from './report.ts';
import type { ScriptRun, Summary } from './run-script.ts';

const summary = (metrics: Summary['metrics'] = {}, passes = 1): Summary => ({
  metrics: { iterations: { count: 1, rate: 2 }, data_sent: { count: 80, rate: 160 }, ...metrics },
  root_group: { path: '', groups: {}, checks: { ok: { path: '::ok', passes, fails: 0 } } },
});

const run = (given: Partial<ScriptRun> = {}): ScriptRun => ({
  exitCode: 0,
  stdout: '',
  log: [],
  summary: summary(),
  samples: [],
  files: [],
  arrived: ['GET / 1'],
  names: {},
  ...given,
});

const error = (msg: string) => ({ level: 'error', msg });

/** Judges a script whose runs have these results. The last one of each engine is repeated. */
const judged = (engine: ScriptRun[], k6: ScriptRun[]) =>
  judge({
    engine: async () => (engine.length > 1 ? engine.shift() : engine[0]) as ScriptRun,
    k6: async (attempt) => (k6[attempt] ?? k6.at(-1)) as ScriptRun,
  });

test('equal runs agree', async () => {
  expect(await judged([run()], [run()])).toEqual({ verdict: 'agree', reasons: [], unsteady: [] });
});

test.each<[string, Partial<ScriptRun>, string]>([
  ['exit code', { exitCode: 107 }, 'exit code: expected 0, got 107'],
  ['time', { exitCode: null }, 'exit code: expected 0, got "timed out"'],
  ['request', { arrived: ['GET / 2'] }, 'requests: only the engine: "GET / 2"'],
  ['check', { summary: summary({}, 2) }, 'check ::ok/passes: expected 1, got 2'],
  ['metric', { summary: summary({ own: { count: 3, rate: 9 } }) }, 'metric own: expected nothing, got {"count":3}'],
  [
    'count of no bytes',
    { summary: summary({ data_sent: { count: 0, rate: 0 } }) },
    'metric data_sent: only the engine: "0"',
  ],
  ['console line', { log: [{ level: 'info', msg: 'a', source: 'console' }] }, 'console: only the engine: "info: a"'],
  ['exception', { log: [error('TypeError: x is not a function')] }, 'errors: only the engine: "TypeError"'],
  ['file', { files: ['report.html'] }, 'files: only the engine: "report.html"'],
  ['output', { stdout: 'x' }, 'stdout: expected "", got "x"'],
  [
    'sample',
    { samples: [{ type: 'Point', metric: 'own', data: { value: 1, tags: { a: 'b' } } }] },
    'samples of own: expected nothing, got {"byTags":{"a=b":{"count":1}},"count":1}',
  ],
])('a different %s is a difference', async (_, given, reason) => {
  const { verdict, reasons } = await judged([run(given)], [run()]);
  expect([verdict, reasons]).toEqual(['differ', expect.arrayContaining([reason])]);
});

test('a difference that does not occur again is none', async () => {
  expect(await judged([run({ arrived: [] }), run()], [run()])).toMatchObject({ verdict: 'agree' });
});

test('what differs between runs of k6 is compared without numbers, or not at all', () => {
  const arrived = (...lines: string[]) => outcomeOf(run({ arrived: lines }));
  expect(compare(arrived('GET /1'), arrived('GET /2'), arrived('GET /3'))).toEqual({
    different: [],
    unsteady: ['requests'],
  });
  expect(compare(arrived('GET /1'), arrived('GET /2'), arrived('PUT /3')).different).toHaveLength(2);
  expect(compare(arrived('GET /a'), arrived('GET /b'), arrived('PUT /c')).different).toEqual([]);
});

test('lines that differ only in their numbers may come in any order', () => {
  const [first, second, third] = [
    ['1 b', '2 a'],
    ['1 b', '3 a'],
    ['1 a', '2 b'],
  ].map((arrived) => outcomeOf(run({ arrived })));
  expect(compare(first ?? {}, second ?? {}, third ?? {}).different).toEqual([]);
});

test('lists are compared in any order', () => {
  const [first, second] = [
    ['a', 'b', 'b'],
    ['b', 'a', 'b'],
  ].map((arrived) => outcomeOf(run({ arrived })));
  expect(compare(first ?? {}, first ?? {}, second ?? {}).different).toEqual([]);
});

test('times, bytes and rates per second are not compared, nor thresholds on them', () => {
  const given = (duration: number, rate: number, isCrossed: boolean) =>
    outcomeOf(
      run({
        exitCode: isCrossed ? 99 : 0,
        log: isCrossed ? [error("thresholds on metrics 'a' have been crossed")] : [],
        samples: [{ type: 'Metric', metric: 'http_reqs', data: { type: 'counter' } }],
        summary: summary({
          http_req_duration: { avg: duration, thresholds: { 'avg<5': isCrossed } },
          http_reqs: { count: 1, rate, thresholds: { 'rate>5': isCrossed } },
        }),
      }),
    );
  expect(compare(given(1, 2, false), given(1, 2, false), given(9, 8, true))).toEqual({ different: [], unsteady: [] });
});

test("the engines' own summaries are not compared, but the text that a script writes instead is", async () => {
  const [own, other] = [
    run({ stdout: '\n  thresholds\n    ✓ a rate<1\n\n  metrics\n    a  1\n' }),
    run({ stdout: '\n\n  █ TOTAL RESULTS \n\n    a: 1\n' }),
  ];
  expect(await judged([own], [other])).toMatchObject({ verdict: 'agree' });
  expect((await judged([run({ stdout: 'done\n' })], [other])).reasons).toEqual(['stdout: expected "", got "done\\n"']);
});

test('exceptions of the language are compared in any wording', async () => {
  const said = (msg: string) => run({ log: [{ level: 'info', msg, source: 'console' }] });
  const engine = said("TypeError: Cannot read properties of undefined (reading 'a'); x.b is not a function");
  const k6 = said("TypeError: Cannot read property 'a' of undefined; Object has no member 'b'");
  expect(await judged([engine], [k6])).toMatchObject({ verdict: 'agree' });
});

test('a crossed threshold on a count is compared', async () => {
  const crossed = (isCrossed: boolean) =>
    run({
      exitCode: isCrossed ? 99 : 0,
      summary: summary({ own: { count: 1, thresholds: { 'count>5': isCrossed } } }),
    });
  expect((await judged([crossed(true)], [crossed(false)])).reasons).toEqual([
    'exit code: expected 0, got 99',
    'threshold own: count>5: expected false, got true',
  ]);
});

test('a refusal by name is no difference, and k6 is not run', async () => {
  const log = [error('GoError: the module k6/browser is not available in the embedded engine: use ENGINE=k6')];
  expect(await judged([run({ exitCode: 107, log })], [])).toMatchObject({ verdict: 'refused', reasons: [log[0]?.msg] });
});

test('runs that fail in the same way are counted apart, with both errors', async () => {
  const failed = (msg: string) => run({ exitCode: 107, log: [error(msg)] });
  expect(await judged([failed('no file b')], [failed('no file a')])).toMatchObject({
    verdict: 'both fail',
    reasons: ['k6: no file a', 'engine: no file b'],
  });
  const thrown = run({ log: [error('TypeError: x')] });
  expect(await judged([thrown], [thrown])).toMatchObject({ verdict: 'both fail' });
});

test('the table counts verdicts and lists differences and causes', () => {
  const verdicts = new Map([
    ['a.js', { verdict: 'agree', reasons: [], unsteady: ['console'] }],
    ['b.js', { verdict: 'differ', reasons: ['exit code: expected 0, got 1'], unsteady: [] }],
    ['c.js', { verdict: 'refused', reasons: ['no k6/browser'], unsteady: [] }],
    ['d.js', { verdict: 'both fail', reasons: ['k6: no file /some/where/x.js'], unsteady: [] }],
  ] as const);
  expect(tableOf(verdicts).split('\n')).toEqual([
    '     4  scripts',
    '     1  agree',
    '     1  refused by name',
    '     1  both fail',
    '     1  differ',
    '     1  with unsteady values',
    '',
    'refused by name:',
    '     1  no k6/browser',
    '',
    'both fail:',
    '     1  k6: no file …',
    '',
    'differ: b.js',
    '  exit code: expected 0, got 1',
  ]);
});
