import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { rejudge } from '../../../harness/commands/rejudge-run.ts';
import type { HistoryEvent } from '../../../harness/history/events.ts';
import { History } from '../../../harness/history/history.ts';
import { writeHistory } from '../../../harness/history/history-file.ts';
import { historyOf } from '../../../harness/judge/judge-folder.ts';
import { makeRunFolder } from '../../../harness/report/run-folder.ts';
import { summarize } from '../../../harness/report/text/summary.ts';
import { begun, facts, receipt, request, requests, T0 } from '../../support/history.ts';
import { judge } from '../../support/judge.ts';
import { complete, header, recordedFolder } from '../../support/recorded.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const check = (folder: string) => rejudge('results', folder);

const CLOSES = ['breaker-closes'];

/** Twenty calls after a successful trial, `reached` of which reach the upstream. Everything else is correct. */
const closing = (reached: number, more: readonly HistoryEvent[] = []): HistoryEvent[] =>
  complete([
    { type: 'service', at: T0, event: 'started' },
    begun(1, { action: 'closed' }, 10, 0),
    ...requests(20, 20, 5, 201, { phase: '1' }),
    ...Array.from({ length: reached }, (_, index) => receipt(index + 1, 21 + index, 5, 'groq')),
    { type: 'threshold', at: T0 + 200, metric: 'm', expression: 'rate==1', ok: true, samples: 1, values: { rate: 1 } },
    { type: 'engine', at: T0 + 210, event: 'ended', code: 0, signal: null },
    { type: 'stall', at: T0 + 50, ms: 3, of: 'lab' },
    { type: 'count', at: T0 + 220, of: 'requests of the generator', value: 20 },
    ...more,
  ]);

async function recorded(events: HistoryEvent[]): Promise<string> {
  const folder = await recordedFolder(events, CLOSES);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test.each([
  ['PASS', 20],
  ['FAIL', 19],
])('gives %s again, with the same findings, from the history alone', async (verdict, reached) => {
  const events = closing(reached);
  const result = await check(await recorded(events));
  expect(result.verdict).toBe(verdict);
  expect(result.scenarios[0]?.findings).toEqual(judge(new History(events), facts('llm'), CLOSES));
  expect(result.scenarios[0]).toMatchObject({ scenario: 'chaos/llm-outage', seconds: 5, again: 'make chaos' });
});

/** Every way to change a line in a file. */
const CHANGES: [string, (lines: string[], at: number) => string[]][] = [
  ['removed', (lines, at) => lines.toSpliced(at, 1)],
  ['written twice', (lines, at) => lines.toSpliced(at, 0, lines[at] ?? '')],
  ['swapped with the next', (lines, at) => lines.toSpliced(at, 2, lines[at + 1] ?? '', lines[at] ?? '')],
  [
    'altered in one digit',
    (lines, at) =>
      lines.with(
        at,
        (lines[at] ?? '').replace(/\d/, (digit) => `${9 - +digit}`),
      ),
  ],
  ['cut in half', (lines, at) => lines.with(at, (lines[at] ?? '').slice(0, (lines[at] ?? '').length / 2))],
];

test.each(CHANGES)('no line %s turns the result into a PASS, whether the run failed or passed', async (_, change) => {
  for (const reached of [19, 20]) {
    const folder = await recorded(closing(reached));
    const lines = (await readFile(historyOf(folder), 'utf8')).trimEnd().split('\n');
    for (const at of lines.keys()) {
      const changed = change(lines, at);
      if (changed.join() === lines.join()) continue; // for example, if the line has no digit
      await writeFile(historyOf(folder), `${changed.join('\n')}\n`);
      const { verdict, scenarios } = await check(folder);
      expect({ at, verdict }).toEqual({ at, verdict: 'INCONCLUSIVE' });
      expect(scenarios[0]?.findings).toEqual([
        expect.objectContaining({ check: 'history is whole', observed: expect.stringContaining('history.ndjson: ') }),
      ]);
    }
  }
});

/** Creates a run's folder with the histories of these scenarios and the run's verdict. */
async function runFolder(of: Record<string, HistoryEvent[]>, more: object = {}): Promise<string> {
  const run = await temporaryFolder();
  for (const [name, events] of Object.entries(of)) await rename(await recorded(events), join(run, name));
  const scenarios = Object.keys(of).map((folder) => ({ folder }));
  const record = { scenarios, skipped: [], requires: [], coverage: { asked: scenarios.length }, ...more };
  await writeFile(join(run, 'verdict.json'), JSON.stringify(record));
  return run;
}

test('judges all scenarios of a run in order, and the worst verdict wins', async () => {
  const { verdict, scenarios } = await check(await runFolder({ z: closing(20), a: closing(19) }));
  expect(scenarios.map((scenario) => scenario.verdict)).toEqual(['PASS', 'FAIL']);
  expect(verdict).toBe('FAIL');
});

test('a secret in the same file is reported by the scenario that ended first, or by one that is judged alone', async () => {
  const run = await runFolder({ z: closing(20), a: closing(20) });
  const { contract, ...promised } = header(CLOSES);
  const secrecy = { allowed: { responses: {}, log: [], files: {} } };
  for (const [scenario, file, ended] of [['z', 'app-17.log', 6_000] as const, ['a', 'app-4.log', 5_000] as const]) {
    const leak: HistoryEvent = { type: 'leak', at: T0, secret: 'API_KEY', of: 'log', file, line: 3 };
    const recorded = { header: { ...promised, scenario, contract: { ...contract, secrecy } }, ended: T0 + ended };
    await writeHistory(historyOf(join(run, scenario)), { ...recorded, history: new History(closing(20, [leak])) });
  }
  const { verdict, scenarios } = await check(run);
  const of = (name: string) => scenarios.find(({ scenario }) => scenario === name);
  const failed = scenarios.flatMap(({ findings }) => findings.filter((finding) => finding.verdict === 'FAIL'));
  expect(failed).toMatchObject([{ observed: 'line 3 of ${folder}/app-4.log shows API_KEY' }]);
  expect([of('a')?.verdict, verdict]).toEqual(['FAIL', 'FAIL']);
  expect(of('z')?.notes?.at(-1)).toBe(
    '"files show no secret" fails here for the same files, and is only reported in a',
  );
  expect((await check(join(run, 'z'))).verdict).toBe('FAIL');
});

test('a scenario names why calls at once could not be measured', async () => {
  const run = await runFolder({ a: closing(20) });
  const recorded = { header: { ...header(CLOSES), callsNotMeasured: 'nothing arrived' }, ended: T0 + 5_000 };
  await writeHistory(historyOf(join(run, 'a')), { ...recorded, history: new History(closing(20)) });
  const { scenarios } = await check(run);
  expect(scenarios[0]?.notes?.[0]).toMatch(/^how many calls .* could not be measured, .*: nothing arrived$/);
});

test('a run that was stopped is INCONCLUSIVE again, with its reason', async () => {
  const result = await check(await runFolder({ a: closing(20) }, { stopped: 'interrupted by SIGINT' }));
  expect(result).toMatchObject({ verdict: 'INCONCLUSIVE', stopped: 'interrupted by SIGINT' });
});

test('a run that lacks one of its scenarios is INCONCLUSIVE', async () => {
  const run = await runFolder({ a: closing(20), b: closing(20) });
  await rm(join(run, 'b'), { recursive: true });
  const { verdict, scenarios } = await check(run);
  expect(scenarios.map((scenario) => scenario.verdict)).toEqual(['PASS', 'INCONCLUSIVE']);
  expect(verdict).toBe('INCONCLUSIVE');
});

test("a scenario that the verdict doesn't mention is judged all the same", async () => {
  const run = await runFolder({ a: closing(20), b: closing(19) });
  await writeFile(join(run, 'verdict.json'), JSON.stringify({ scenarios: [{ folder: 'a' }] }));
  expect((await check(run)).verdict).toBe('FAIL');
});

test.each([
  ['{"scen', /^verdict\.json is damaged: /],
  ['{"scenarios":5}', /^verdict\.json is damaged: .*expected array/],
  [undefined, /^there is no verdict\.json: the run did not finish$/],
])('a run with %s for its verdict is INCONCLUSIVE, whatever its scenarios say', async (text, stopped) => {
  const run = await runFolder({ a: closing(20) });
  if (text === undefined) await rm(join(run, 'verdict.json'));
  else await writeFile(join(run, 'verdict.json'), text);
  expect(await check(run)).toMatchObject({ verdict: 'INCONCLUSIVE', stopped: expect.stringMatching(stopped) });
});

test('a run in which nothing was judged is INCONCLUSIVE', async () => {
  expect((await check(await runFolder({}))).verdict).toBe('INCONCLUSIVE');
});

test('a run that skipped a required scenario is INCONCLUSIVE again, and reports its coverage', async () => {
  const skipped = [{ name: 'chaos/x', judges: 'LLM outages', skipped: 'the contract describes no breaker' }];
  const coverage = { asked: 2 };
  const free = await check(await runFolder({ a: closing(20) }, { skipped, coverage }));
  expect(free).toMatchObject({ verdict: 'PASS', coverage: { asked: 2, judged: 1 } });
  const bound = await check(await runFolder({ a: closing(20) }, { skipped, coverage, requires: ['chaos/x'] }));
  expect(bound.verdict).toBe('INCONCLUSIVE');
  expect(summarize(bound)).toContain('Required, but not judged: chaos/x because the contract describes no breaker.');
});

test('pipes in the place of the files of a run are not waited for', async () => {
  const run = await runFolder({ a: closing(20) });
  for (const path of [historyOf(join(run, 'a')), join(run, 'verdict.json')]) {
    await rm(path);
    execFileSync('mkfifo', [path]);
  }
  const { verdict, scenarios, stopped } = await check(run);
  expect(verdict).toBe('INCONCLUSIVE');
  expect(scenarios[0]?.findings).toMatchObject([{ observed: expect.stringContaining('it is no regular file') }]);
  expect(stopped).toBe('verdict.json is damaged: it is no regular file; allowed: a file');
});

test('a scenario that could not be set up is INCONCLUSIVE again, with that as its only finding', async () => {
  const problem = 'SERVICE_NOT_READY: a service (node a.js) is not ready: no 2xx from /ready';
  const events: HistoryEvent[] = [{ type: 'set-up', at: T0, problem, output: ['Error: no port', '    at a.js:1'] }];
  const { verdict, scenarios } = await check(await recorded(events));
  expect(verdict).toBe('INCONCLUSIVE');
  expect(scenarios).toMatchObject([
    {
      notRun: problem,
      findings: [{ check: 'scenario set up', observed: problem, evidence: ['Error: no port', '    at a.js:1'] }],
    },
  ]);
});

test.each(['latest', 'chaos', 'chaos/2026-01-01T00-00-00.000Z', 'latest/a', 'runs/chaos/2026-01-01T00-00-00.000Z'])(
  'the run %s is found in the folder of results',
  async (reference) => {
    const results = await temporaryFolder();
    const folder = await makeRunFolder(results, 'chaos', new Date(Date.UTC(2026, 0, 1)));
    await rename(await recorded(closing(19)), join(folder, 'a'));
    expect(await rejudge(results, reference)).toMatchObject({ verdict: 'FAIL', folder });
  },
);

test('a folder without a run is rejected', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'a'));
  await expect(check(folder)).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  await expect(check(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  await expect(check('package.json')).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
});

test('if a request that a checker needs is missing, the checker is INCONCLUSIVE, whatever else there is', async () => {
  const only = closing(20).filter(({ type }) => type !== 'request');
  expect((await check(await recorded([...only, request(1, 1, 200, {})]))).verdict).not.toBe('PASS');
});

test('a scenario has the promises that it judges, with the proofs of its run', async () => {
  const proved = { checker: 'c', mutant: 'm', scenario: 'chaos/llm-outage', at: '2026-11-30T04:00:00.000Z' };
  const recorded = [
    { promise: ['breakers', 'llm', 'refusal'], verdict: 'PASS', checks: 1, scenarios: ['chaos/llm-outage'], proved },
    { promise: ['ledger'], because: 'x', checks: 0, scenarios: ['chaos/x'] },
  ];
  const run = await runFolder({ a: closing(19) }, { coverage: { asked: 1, promises: recorded } });
  const { promises = [] } = (await check(join(run, 'a'))).coverage;
  const judged = new Set(
    (await check(run)).scenarios.flatMap(({ findings }) => findings.flatMap((finding) => finding.promises ?? [])),
  );
  expect(promises.length).toBeGreaterThan(0);
  expect(promises.length).toBeLessThanOrEqual(judged.size);
  expect(promises.map(({ verdict }) => verdict)).toContain('FAIL');
  for (const { promise } of promises) expect(promise).not.toEqual(['ledger']);
});

test('a run has the same promises again, and those of its record if nothing else is known', async () => {
  const skipped = [{ name: 'chaos/x', judges: 'x', skipped: 'no database' }];
  const proved = { checker: 'c', mutant: 'm', scenario: 'chaos/llm-outage', at: '2026-11-30T04:00:00.000Z' };
  const recorded = [
    { promise: ['ledger'], because: 'x', checks: 0, scenarios: ['chaos/x'], proved },
    { promise: ['breakers', 'llm', 'refusal'], verdict: 'PASS', checks: 1, scenarios: ['chaos/llm-outage'] },
  ];
  const coverage = { asked: 2, promises: recorded };
  const run = await runFolder({ a: closing(20) }, { skipped, coverage });
  const promisesOf = async () => (await check(run)).coverage.promises ?? [];
  const whole = await promisesOf();
  const of = (path: string[]) => whole.find(({ promise }) => promise.join() === path.join());
  expect(of(['ledger'])).toEqual({
    ...recorded[0],
    because: 'chaos/x was skipped: no database',
  });
  expect(of(['pool', 'refusal'])?.because).toBe('no recorded event concerns it');
  await rm(join(run, 'verdict.json'));
  expect((await promisesOf()).map(({ promise }) => promise)).toEqual(
    expect.arrayContaining(whole.slice(2).map(({ promise }) => promise)),
  );
});
