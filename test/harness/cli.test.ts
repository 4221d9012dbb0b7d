import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import reference from '../../service/proofload.config.ts';
import { contractFile, processes, proofload, tables } from '../support/command-line.ts';
import { writeEngineCommand } from '../support/engine-command.ts';
import { LIMIT, limitedContract, startLimitedServer } from '../support/limited-server.ts';

/** Ends a test that waits for a phase of a scenario in vain, after so many milliseconds. A busy machine is slow. */
const STARTED = 150_000;

test('a service that does not start leaves no lab behind, and its output is shown', async () => {
  const { exited } = await proofload(['run', 'chaos/weak-secret'], { COMMAND: 'node -p 1/0' });
  expect(await exited).toEqual({ code: 1, text: expect.stringMatching(/SERVICE_NOT_READY: .*its output:\nInfinity/) });
});

test('prints its version', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8'));
  expect(await (await proofload(['--version'])).exited).toEqual({ code: 0, text: `${version}\n` });
});

test('lists the scenarios with their subject, their duration, and why the contract skips them', async () => {
  const { secret: _, ...without } = reference;
  const CONTRACT = await contractFile(without);
  const { code, text } = await (await proofload(['list', 'weak-secret', 'rate-limits'], { CONTRACT })).exited;
  expect({ code, lines: text.trim().split('\n') }).toEqual({
    code: 0,
    lines: [
      'chaos/weak-secret   skipped      weak secrets (the contract describes no secret)',
      expect.stringMatching(/^stress\/rate-limits {2}about \d+ s +rate limits$/),
    ],
  });
  const json = await (await proofload(['list', '--json', '--grep', 'weak'], { CONTRACT })).exited;
  expect(JSON.parse(json.text)).toEqual([
    {
      scenario: 'chaos/weak-secret',
      suite: 'chaos',
      judges: 'weak secrets',
      skipped: 'the contract describes no secret',
    },
  ]);
});

test('lists the scenarios without a contract, and reports the missing columns', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-list-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { code, text } = await (await proofload(['list'], { CONTRACT: '' }, folder)).exited;
  expect(text).toMatch(/^chaos\/weak-secret +weak secrets$/m);
  expect(text).toContain('Name a contract (--contract or --demo)');
  expect(code).toBe(0);
});

test('a service that is killed during the run fails the run, with the reason, and leaves nothing running', async () => {
  const { child, output, exited, results } = await proofload(['run', 'chaos/llm-outage', '--verbose']);
  await vi.waitFor(() => expect(output.text).toContain('opening'), STARTED);
  const [service] = await processes('^node .*/service/main.ts$', ['-P', String(child.pid)]);
  process.kill(Number(service), 'SIGKILL');
  const { code, text } = await exited;
  expect(code).toBe(99);
  expect(text).toMatch(/service stays up .*was killed by SIGKILL/);
  expect(text).toContain('its last log line: ');
  const latest = join(results, await readlink(join(results, 'latest')));
  expect(JSON.parse(await readFile(join(latest, 'verdict.json'), 'utf8'))).toMatchObject({ verdict: 'FAIL' });
  const left = await readdir(join(latest, 'chaos-llm-outage'));
  expect(left).toEqual(expect.arrayContaining(['history.ndjson', 'samples.json', 'service.log', 'summary.json']));
  expect(await processes(results)).toEqual([]);
  const again = await proofload(['check', latest, '--verbose']);
  const checked = await again.exited;
  expect({ ...checked, text: tables(checked.text) }).toEqual({ code, text: tables(text) });
});

test('Ctrl-C ends the run in order: INCONCLUSIVE, with the findings so far', async () => {
  const { child, output, exited, results } = await proofload(['run', 'chaos/llm-outage', '--verbose']);
  await vi.waitFor(() => expect(output.text).toContain('below again'), STARTED);
  child.kill('SIGINT');
  const { code, text } = await exited;
  expect(code).toBe(3);
  expect(text).toMatch(
    /\nINCONCLUSIVE: 1 of 1 scenario judged, .* The run was stopped before its end: interrupted by SIGINT\.\n$/,
  );
  expect(text).toMatch(/steady state before .*PASS/);
  expect(text).not.toContain('\x1b');
  const left = await readdir(join(results, await readlink(join(results, 'latest'))));
  expect(left).toEqual(
    expect.arrayContaining(['junit.xml', 'metrics.txt', 'report.html', 'summary.md', 'verdict.json']),
  );
  expect(await processes(results)).toEqual([]);
  const again = await proofload(['check', join(results, 'latest'), '--verbose']);
  const checked = await again.exited;
  expect({ ...checked, text: tables(checked.text) }).toEqual({ code, text: tables(text) });
});

test('the json reporter prints only the verdict, and in GitHub Actions the job summary is appended', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-summary-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const summary = join(folder, 'summary.md');
  const environment = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
  const { exited } = await proofload(['run', 'chaos/impostor', '--reporter', 'json', '--seed', '5'], environment);
  const { code, text } = await exited;
  expect(code).toBe(0);
  expect(JSON.parse(text)).toMatchObject({
    version: 2,
    verdict: 'PASS',
    scenarios: [{ again: 'make chaos SCENARIO=chaos/impostor SEED=5 ENGINE=embedded POSTGRES=embedded' }],
  });
  expect(await readFile(summary, 'utf8')).toMatch(/^## ✅ PASS: proofload chaos-impostor\n/);
});

test('a k6 binary runs the same scenario with the same command line and gets the same verdict', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-k6-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const k6 = await writeEngineCommand(folder, 'k6 v1.6.1 (a stand-in)');
  const { exited } = await proofload(['run', 'chaos/impostor'], { ENGINE: 'k6', K6_BIN: k6 });
  const { code, text } = await exited;
  expect(text).toMatch(/^profile fast, seed \d+, engine k6, /m);
  expect(code).toBe(0);
});

test("a scenario whose generator was stopped for 300 ms can't PASS, and is measured again", async () => {
  const { child, output, exited, results } = await proofload(['run', 'chaos/impostor', '--verbose']);
  await vi.waitFor(() => expect(output.text).toContain('impostor groq expired'), STARTED);
  const [engine] = await processes('engine/main.ts run', ['-P', String(child.pid)]);
  process.kill(Number(engine), 'SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 300));
  process.kill(Number(engine), 'SIGCONT');
  const { text } = await exited;
  expect(text).toMatch(/^chaos\/impostor is measured again .* INCONCLUSIVE: nothing stalled: .* ms, in the generator/m);
  expect(text).toMatch(/^ {2}note: measured again, because the first run was INCONCLUSIVE: nothing stalled: /m);
  const folder = join(results, 'latest');
  const kept = ['chaos-impostor', 'first/chaos-impostor'].map((name) => join(folder, name, 'history.ndjson'));
  expect(kept.map((path) => existsSync(path))).toEqual([true, true]);
  const checked = await (await proofload(['check', folder, '--verbose'])).exited;
  expect(tables(checked.text)).toBe(tables(text));
});

/** Returns the path of the reference service's contract, with other faults that its breaker must count. */
async function contractWith(failures: object[]): Promise<string> {
  const { llm } = reference.breakers;
  const contract = { ...reference, breakers: { llm: { ...llm, failures } } };
  const profiles = { fast: { ...reference.profiles.fast, breakers: { llm: reference.profiles.fast.breakers.llm } } };
  return contractFile({ ...contract, profiles });
}

test("a script that throws can't PASS", async () => {
  // The scenario locks the pool's table, and there is no table with this name.
  const CONTRACT = await contractFile({ ...reference, pool: { ...reference.pool, table: 'nowhere' } });
  const { code, text } = await (await proofload(['run', 'stress/noisy-neighbour'], { CONTRACT })).exited;
  expect(code).toBe(3);
  expect(text).toMatch(/^ {2}INCONCLUSIVE {2}script ran to its end$/m);
  expect(text).toContain('Uncaught');
});

test('an undelivered fault is not blamed on the service', async () => {
  const CONTRACT = await contractWith([{ kind: 'status', status: 500, apiKey: 'of nobody' }]);
  const { code, text } = await (await proofload(['run', 'chaos/llm-outage'], { CONTRACT })).exited;
  expect(code).toBe(3);
  expect(text).toMatch(/^ {2}INCONCLUSIVE {2}faults delivered\n.*\n.*status at groq: 0 of 1 delivered/m);
  expect(text).toContain('it failed, but the record is void');
});

test('repeats keep their folders, are counted in a table, and run on if a collector of metrics is down', async () => {
  const args = ['run', 'chaos/impostor', '--repeat', '2', '--otlp', 'http://127.0.0.1:1'];
  const { code, text } = await (await proofload(args, { SEED: '3' })).exited;
  expect(code).toBe(0);
  expect(text.match(/--otlp: \S+ did not accept the metrics/g)).toHaveLength(1);
  expect(text).toMatch(/chaos\/impostor +│ 2 +│ 0 +│ 0 +│/);
  expect(text).toContain('PASS: 2 of 2 repeats passed. Each judged 1 of 1 scenario.');
  const reports = [...text.matchAll(/^Report: +(.*)$/gm)].map(([, path]) => path as string);
  const seeds = await Promise.all(
    reports.map(async (path) => JSON.parse(await readFile(join(dirname(path), 'verdict.json'), 'utf8')).seed),
  );
  expect(seeds).toEqual([3, 103]);
});

test('Ctrl-C ends the repeats: the completed ones are counted, and the result is not PASS', async () => {
  const { child, output, exited } = await proofload(['run', 'chaos/impostor', '--repeat', '50', '--verbose']);
  await vi.waitFor(() => expect(output.text).toMatch(/repeat 2 of 50[\s\S]*impostor groq expired/), STARTED);
  child.kill('SIGINT');
  const { code, text } = await exited;
  expect(code).toBe(3);
  expect(text).toMatch(/chaos\/impostor +│ 1 +│ 0 +│ 1 +│ 2 /);
  expect(text).toContain('INCONCLUSIVE: only 2 of 50 repeats made, 1 inconclusive, 1 passed.');
});

test('a running service is judged by scenarios that need neither its start nor its settings, and keeps running', async () => {
  await using server = await startLimitedServer();
  const CONTRACT = await contractFile(limitedContract(server.url));
  const asked = ['stress/smoke', 'stress/rate-limits', 'stress/window-boundary', 'chaos/weak-secret'];
  const { code, text } = await (await proofload(['run', ...asked], { CONTRACT })).exited;
  expect(text).toMatch(
    /\nPASS: 3 of 4 scenarios judged, \d+ checks\. Not judged: weak secrets because the contract describes no secret\.\n$/,
  );
  expect(text.match(/^PASS +stress\/[\w-]+/gm)).toHaveLength(3);
  expect(code).toBe(0);
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
});

test('a service at another name is refused, unless it is allowed: then the rest is skipped, with the reason', async () => {
  await using server = await startLimitedServer();
  const CONTRACT = await contractFile(limitedContract(server.url.replace('127.0.0.1', 'localhost')));
  const refused = await (await proofload(['doctor'], { CONTRACT })).exited;
  expect(refused.code).toBe(2);
  expect(refused.text).toMatch(
    /^HOST_NOT_ALLOWED: start.running.url is not on this machine .*--allow-host localhost\n$/,
  );
  const asked = ['stress/smoke', 'stress/rate-limits', '--allow-host', 'example.org', '--allow-host', 'localhost'];
  const { code, text } = await (await proofload(['run', ...asked], { CONTRACT })).exited;
  expect(text).toContain('because the service is on another machine: it sees all clients at one address.');
  expect(text).toMatch(/^PASS: 1 of 2 scenarios judged/m);
  expect(code).toBe(0);
});

test('a running service that allows one request too many fails', async () => {
  await using server = await startLimitedServer({ admits: LIMIT.max + 1 });
  const CONTRACT = await contractFile(limitedContract(server.url));
  const { code, text } = await (await proofload(['run', 'stress/rate-limits'], { CONTRACT })).exited;
  expect(text).toMatch(/^ {2}FAIL {2}admits exactly N: limited, first window$/m);
  expect(code).toBe(99);
});

// Whether they overlap depends on the machine: see room.test.ts.
test('two scenarios run each in its own lab, and are reported in order', async () => {
  // The names are part of paths, in which a + means a space in a URL.
  const asked = ['chaos/database-impostor', 'chaos/impostor'];
  const { results, exited } = await proofload(['run', ...asked, '--jobs', '2', '--seed', '9', '--verbose']);
  const { code, text } = await exited;
  expect(text).toMatch(/: 2 scenarios, 2 at once, about \d+ s$/m);
  expect(text).toMatch(/^PASS +chaos\/impostor/m);
  expect(code).toBe(0);
  const { scenarios } = JSON.parse(await readFile(join(results, 'latest', 'verdict.json'), 'utf8'));
  expect(scenarios.map(({ scenario, seed }: { scenario: string; seed: number }) => [scenario, seed])).toEqual([
    ['chaos/database-impostor', 9],
    ['chaos/impostor', 10],
  ]);
  expect(await processes(results)).toEqual([]);
});
