import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readHistory } from '../../harness/history/history-file.ts';
import reference from '../../service/contract.ts';
import { writeEngineCommand } from '../support/engine-command.ts';
import { LIMIT, limitedContract, startLimitedServer } from '../support/limited-server.ts';

const COMMAND = resolve('harness/cli.ts');

/** The command line, as the Makefile calls it, with results in a folder of the test's own. */
async function proofload(args: string[], environment: Record<string, string> = {}, folder = process.cwd()) {
  const results = await mkdtemp(join(tmpdir(), 'proofload-cli-'));
  onTestFinished(() => rm(results, { recursive: true, force: true }));
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd: folder,
    env: { ...process.env, CONTRACT: 'service/contract.ts', ...environment, RESULTS: results },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output.text += text;
    });
  }
  const exited = once(child, 'close').then(([code]) => ({ code: code as number, text: output.text }));
  return { child, results, output, exited };
}

/** Ids of the processes that descend from, or were left by, a command line with this text in it. */
const processes = (text: string, more: string[] = []): Promise<string[]> =>
  new Promise((resolve) =>
    execFile('pgrep', [...more, '-f', text], (_, found) => resolve(found.split('\n').filter(Boolean))),
  );

test.each([
  [
    ['run', 'chaos/earthquake'],
    {},
    2,
    'SCENARIO_UNKNOWN: there is no scenario "chaos/earthquake"; there are chaos/both-outages, chaos/breaker-benefit',
  ],
  [['run', 'chaos'], { ENGINE: 'jmeter' }, 2, 'USAGE: ENGINE=jmeter: it can be auto, k6, docker or embedded'],
  [['run', 'chaos'], { POSTGRES: 'mysql' }, 2, 'USAGE: POSTGRES=mysql: it can be auto, container, embedded or'],
  [
    ['run', 'chaos'],
    { PROFILE: 'slow' },
    2,
    'USAGE: there is no profile "slow" in the contract; there are fast, production',
  ],
  [['run', 'chaos'], { CONTRACT: 'package.json' }, 2, 'CONTRACT_INVALID: '],
  [
    ['run', 'stress/smoke'],
    { ENGINE: 'embedded', POSTGRES: 'postgres://unreachable.invalid' },
    1,
    'POSTGRES_FAILED: PostgreSQL (postgres://unreachable.invalid): getaddrinfo',
  ],
  [['run', 'chaos'], { SEED: '-1' }, 2, 'It can be any whole number from 0'],
  [['run', 'chaos'], { JOBS: 'many' }, 2, "USAGE: option '--jobs <n>' value 'many' from env 'JOBS' is invalid."],
  [
    ['run', 'stress', '--require', 'chaos/llm-outage'],
    {},
    2,
    'USAGE: chaos/llm-outage is required, but is not part of',
  ],
  [
    ['run', 'chaos'],
    { REQUIRE: 'chaos/llm-outge' },
    2,
    'SCENARIO_UNKNOWN: there is no scenario "chaos/llm-outge"; did you',
  ],
  [['run', 'chaos', '--results', ''], {}, 2, 'It is empty; it can be a folder.'],
  [['run', 'chaos'], { COMMAND: ' ' }, 2, 'It is empty; it can be words such as "node server.js".'],
  [['run', 'chaos'], { REPEAT: '0' }, 2, 'It can be any whole number from 1 to 10000.'],
  [['run'], {}, 2, "missing required argument 'scenario'"],
  [['show', 'nightly'], {}, 2, 'RUN_NOT_FOUND: there is no run "nightly"'],
  [['fly'], {}, 2, "unknown command 'fly'"],
])('%j with %j is refused, and says what is allowed', async (args, environment, code, text) => {
  const { exited } = await proofload(args, environment);
  expect(await exited).toEqual({ code, text: expect.stringContaining(text) });
});

test('a service that does not start leaves no lab behind, and shows what it said', async () => {
  const { exited } = await proofload(['run', 'chaos/weak-secret'], { COMMAND: 'node -p 1/0' });
  expect(await exited).toEqual({ code: 1, text: expect.stringMatching(/SERVICE_NOT_READY: .*it said:\nInfinity/) });
}, 60_000);

test('lists the scenarios', async () => {
  const { exited } = await proofload(['list']);
  expect(await exited).toEqual({ code: 0, text: expect.stringContaining('stress/rate-limits\n') });
});

test('a service that is killed in mid-run fails the run, which says so and leaves nothing running', async () => {
  const { child, output, exited, results } = await proofload(['run', 'chaos/llm-outage']);
  await vi.waitFor(() => expect(output.text).toContain('opening'), 30_000);
  const [service] = await processes('^node service/main.ts$', ['-P', String(child.pid)]);
  process.kill(Number(service), 'SIGKILL');
  const { code, text } = await exited;
  expect(code).toBe(99);
  expect(text).toMatch(/service stays up .*was killed by SIGKILL/);
  const latest = join(results, await readlink(join(results, 'latest')));
  expect(JSON.parse(await readFile(join(latest, 'verdict.json'), 'utf8'))).toMatchObject({ verdict: 'FAIL' });
  const left = await readdir(join(latest, 'chaos-llm-outage'));
  expect(left).toEqual(expect.arrayContaining(['history.ndjson', 'samples.json', 'service.log', 'summary.json']));
  expect(await processes(results)).toEqual([]);
  const again = await proofload(['check', latest]);
  expect(await again.exited).toEqual({ code, text: tables(text) });
}, 60_000);

/** What a run prints of its verdicts: all from the first table's headline on. */
/** What a run and its check say alike: where the run's report is, only the run says. */
const tables = (text: string): string =>
  text.slice(text.search(/\n(PASS|FAIL|INCONCLUSIVE) {2}/)).replace(/\nreport: .*\n/, '');

test('Ctrl-C ends the run in order: INCONCLUSIVE, with what was seen so far', async () => {
  const { child, output, exited, results } = await proofload(['run', 'chaos/llm-outage']);
  await vi.waitFor(() => expect(output.text).toContain('below again'), 30_000);
  child.kill('SIGINT');
  const { code, text } = await exited;
  expect(code).toBe(3);
  expect(text).toMatch(
    /\nINCONCLUSIVE: 1 of 1 scenario, .* The run was stopped before its end: interrupted by SIGINT\.\n$/,
  );
  expect(text).toMatch(/steady state before .*PASS/);
  expect(text).not.toContain('\x1b');
  const left = await readdir(join(results, await readlink(join(results, 'latest'))));
  expect(left).toEqual(
    expect.arrayContaining(['junit.xml', 'metrics.txt', 'report.html', 'summary.md', 'verdict.json']),
  );
  expect(await processes(results)).toEqual([]);
  const again = await proofload(['check', join(results, 'latest')]);
  expect(await again.exited).toEqual({ code, text: tables(text) });
}, 60_000);

test('with --json nothing but the verdict is on standard output; inside of GitHub Actions the summary is appended', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-summary-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const summary = join(folder, 'summary.md');
  const environment = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
  const { exited } = await proofload(['run', 'chaos/weak-secret', '--json', '--seed', '5'], environment);
  const { code, text } = await exited;
  expect(code).toBe(0);
  expect(JSON.parse(text)).toMatchObject({
    ...{ version: 2, verdict: 'PASS' },
    scenarios: [{ again: 'make chaos SCENARIO=chaos/weak-secret SEED=5 ENGINE=embedded POSTGRES=embedded' }],
  });
  expect(await readFile(summary, 'utf8')).toMatch(/^## ✅ PASS: proofload chaos-weak-secret\n/);
}, 60_000);

test('a k6 binary runs the same scenario, by the same command line, to the same verdict', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-k6-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const k6 = await writeEngineCommand(folder, 'k6 v1.6.1 (a stand-in)');
  const { exited } = await proofload(['run', 'chaos/impostor'], { ENGINE: 'k6', K6_BIN: k6 });
  const { code, text } = await exited;
  expect(text).toContain('engine: k6 (k6 v1.6.1 (a stand-in))');
  expect(code).toBe(0);
}, 60_000);

test('a generator that was stopped for 300 ms makes no PASS: the pause is told', async () => {
  const { child, output, exited } = await proofload(['run', 'chaos/impostor']);
  await vi.waitFor(() => expect(output.text).toContain('impostor groq expired'), 30_000);
  const [engine] = await processes('embedded/main.ts run', ['-P', String(child.pid)]);
  process.kill(Number(engine), 'SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 300));
  process.kill(Number(engine), 'SIGCONT');
  const { code, text } = await exited;
  expect(code).toBe(3);
  expect(text).toMatch(/nothing stalled .* ms, of the\s+│?\s*generator.*INCONCLUSIVE/);
}, 60_000);

/** The file of a contract. */
async function contractFile(contract: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-contract-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'contract.json');
  await writeFile(file, JSON.stringify(contract));
  return file;
}

/** The reference service's contract, with other faults of the upstreams that its breakers are to count. */
async function contractWith(failures: object[]): Promise<string> {
  const { llm } = reference.breakers;
  const contract = { ...reference, breakers: { llm: { ...llm, failures } } };
  const profiles = { fast: { ...reference.profiles.fast, breakers: { llm: reference.profiles.fast.breakers.llm } } };
  return contractFile({ ...contract, profiles });
}

test('a script that throws makes no PASS', async () => {
  // The scenario locks the pool's table, and there is none of that name.
  const CONTRACT = await contractFile({ ...reference, pool: { ...reference.pool, table: 'nowhere' } });
  const { code, text } = await (await proofload(['run', 'stress/noisy-neighbour'], { CONTRACT })).exited;
  expect(code).toBe(3);
  expect(text).toMatch(/generator sound .*INCONCLUSIVE/);
  expect(text).toContain('Uncaught');
}, 60_000);

test('a fault that is not delivered is not blamed on the service', async () => {
  const CONTRACT = await contractWith([{ kind: 'status', status: 500, apiKey: 'of nobody' }]);
  const { code, text } = await (await proofload(['run', 'chaos/llm-outage'], { CONTRACT })).exited;
  expect(code).toBe(3);
  expect(text).toMatch(/faults delivered .*status at groq: 0 of 1 delivered.*INCONCLUSIVE/);
  expect(text).toContain('seen to fail, but void');
}, 60_000);

test('repeats keep their folders, are counted in a table, and the worst verdict decides', async () => {
  const { code, text } = await (await proofload(['run', 'chaos/impostor', '--repeat', '2'], { SEED: '3' })).exited;
  expect(code).toBe(0);
  expect(text).toMatch(/chaos\/impostor +│ 2 +│ 0 +│ 0 +│/);
  expect(text).toContain('PASS: 2 of 2 repeats passed. Each judged 1 of 1 scenario.');
  const reports = [...text.matchAll(/^report: (.*)$/gm)].map(([, path]) => path as string);
  const seeds = await Promise.all(
    reports.map(async (path) => JSON.parse(await readFile(join(dirname(path), 'verdict.json'), 'utf8')).seed),
  );
  expect(seeds).toEqual([3, 103]);
}, 60_000);

test('Ctrl-C ends the repeats: those until then are counted, and it is no PASS', async () => {
  const { child, output, exited } = await proofload(['run', 'chaos/impostor', '--repeat', '50']);
  await vi.waitFor(() => expect(output.text).toMatch(/repeat 2 of 50[\s\S]*impostor groq expired/), 50_000);
  child.kill('SIGINT');
  const { code, text } = await exited;
  expect(code).toBe(3);
  expect(text).toMatch(/chaos\/impostor +│ 1 +│ 0 +│ 1 +│ 2 /);
  expect(text).toContain('INCONCLUSIVE: only 2 of 50 repeats made, 1 inconclusive, 1 passed.');
}, 60_000);

test('a service that runs already is judged by what needs neither its start nor its settings, and goes on', async () => {
  await using server = await startLimitedServer();
  const CONTRACT = await contractFile(limitedContract(server.url));
  const asked = ['stress/smoke', 'stress/rate-limits', 'stress/window-boundary', 'chaos/weak-secret'];
  const { code, text } = await (await proofload(['run', ...asked], { CONTRACT })).exited;
  expect(text).toContain('\n  because the contract describes no secret:\n    weak secrets (chaos/weak-secret)\n');
  expect(text).toMatch(
    /\nPASS: 3 of 4 scenarios, \d+ checks\. Not judged: weak secrets because the contract describes no secret\.\n$/,
  );
  expect(text).toMatch(/PASS {2}stress\/smoke[\s\S]*PASS {2}stress\/rate-limits[\s\S]*PASS {2}stress\/window-boundary/);
  expect(code).toBe(0);
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
}, 60_000);

test('a running service that admits one too many fails', async () => {
  await using server = await startLimitedServer({ admits: LIMIT.max + 1 });
  const CONTRACT = await contractFile(limitedContract(server.url));
  const { code, text } = await (await proofload(['run', 'stress/rate-limits'], { CONTRACT })).exited;
  expect(text).toMatch(/admits exactly N: limited, first +│ .*FAIL/);
  expect(code).toBe(99);
}, 60_000);

test('doctor says that the table of a ledger is not there, and where the log of the service is', async () => {
  const CONTRACT = await contractFile({ ...reference, ledger: { ...reference.ledger, table: 'nowhere' } });
  const { code, text } = await (await proofload(['doctor'], { CONTRACT })).exited;
  expect(code).toBe(99);
  expect(text).toContain('relation "nowhere" does not exist');
  expect(text).toMatch(/asks for proof: conversation-end .*PASS/);
  const [, log = ''] = /what the service said: (.*)/.exec(text) ?? [];
  expect(await readFile(log, 'utf8')).toContain('"level"');
}, 60_000);

test('two scenarios run at once, each on a lab of its own, and are told in their order', async () => {
  // Their names are the run's, and with that a part of paths: the + between them means a blank in a URL.
  const asked = ['chaos/database-impostor', 'chaos/impostor'];
  const { results, exited } = await proofload(['run', ...asked, '--jobs', '2', '--seed', '9']);
  const { code, text } = await exited;
  expect(text).toMatch(/^2 scenarios, 2 at once, each on a lab of its own: about \d+ s$/m);
  expect(text).toMatch(/ {2}chaos\/impostor: /);
  expect(code).toBe(0);
  const { scenarios } = JSON.parse(await readFile(join(results, 'latest', 'verdict.json'), 'utf8'));
  expect(scenarios.map(({ scenario, seed }: { scenario: string; seed: number }) => [scenario, seed])).toEqual([
    ['chaos/database-impostor', 9],
    ['chaos/impostor', 10],
  ]);
  const [one, other] = await Promise.all(
    asked.map((name) => readHistory(join(results, 'latest', name.replace('/', '-'), 'history.ndjson'))),
  );
  expect(one?.header.began).toBeLessThan(other?.ended ?? 0);
  expect(other?.header.began).toBeLessThan(one?.ended ?? 0);
  expect(await processes(results)).toEqual([]);
}, 90_000);

test('a service that does not start ends the scenarios beside it, too, and leaves nothing running', async () => {
  const { results, exited } = await proofload(['run', 'chaos', '--jobs', '2'], { COMMAND: 'node -p 1/0' });
  expect(await exited).toEqual({ code: 1, text: expect.stringMatching(/SERVICE_NOT_READY: .*it said:\nInfinity/) });
  expect(await processes(results)).toEqual([]);
}, 60_000);

test('a scenario that can not be set up is INCONCLUSIVE, and those beside it are judged', async () => {
  const conditions = { ...reference.conditions, 'verified-database': { SECRET_KEY: 'weak' } };
  const CONTRACT = await contractFile({ ...reference, conditions });
  const asked = ['chaos/database-impostor', 'chaos/weak-secret'];
  const { results, exited } = await proofload(['run', ...asked], { CONTRACT });
  const { code, text } = await exited;
  expect(text).toMatch(/PASS {2}chaos\/weak-secret/);
  expect(text).toMatch(/scenario set up .*SERVICE_NOT_READY/);
  expect(text).toMatch(
    /\nINCONCLUSIVE: 1 of 2 scenarios, .*: 1 not proved\. Not judged: database impostors because SERVICE_/,
  );
  expect(code).toBe(3);
  const { scenarios } = JSON.parse(await readFile(join(results, 'latest', 'verdict.json'), 'utf8'));
  expect(scenarios[0]).toMatchObject({
    notRun: expect.stringMatching(/^SERVICE_NOT_READY: .* is not ready: no 2xx from \/\w+$/),
    findings: [{ verdict: 'INCONCLUSIVE', evidence: [expect.stringContaining('SECRET_KEY')] }],
  });
  const again = await proofload(['check', join(results, 'latest')]);
  expect(await again.exited).toEqual({ code, text: tables(text) });
}, 120_000);

test('a repeat in which the service did not start is INCONCLUSIVE, and the next ones are made', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-flaky-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [marker, command] = [join(folder, 'started'), join(folder, 'flaky.mjs')];
  await writeFile(
    command,
    `import { existsSync, writeFileSync } from 'node:fs';
     if (!existsSync(${JSON.stringify(marker)})) {
       writeFileSync(${JSON.stringify(marker)}, '');
       console.log('no processor was free');
       process.exit(1);
     }
     await import(${JSON.stringify(new URL('../../service/main.ts', import.meta.url).href)});`,
  );
  const asked = ['run', 'chaos/weak-secret', '--repeat', '2'];
  const { code, text } = await (await proofload(asked, { COMMAND: `node ${command}` })).exited;
  expect(text).toContain('it said:\nno processor was free');
  expect(text).toMatch(/\nINCONCLUSIVE: 1 of 2 repeats inconclusive, 1 passed\. Each judged 0 to 1 of 1 scenario\./);
  expect(code).toBe(3);
}, 120_000);

test('a run of which everything is skipped is INCONCLUSIVE without a lab, also under --json and --quiet', async () => {
  const { secret: _, ...without } = reference;
  const CONTRACT = await contractFile({ ...without, requires: ['chaos/weak-secret'] });
  const last =
    /^INCONCLUSIVE: 0 of 1 scenario, 0 checks\. Required, but not judged: chaos\/weak-secret because the contract describes/m;
  const { results, exited } = await proofload(['run', 'chaos/weak-secret', '--quiet'], { CONTRACT });
  const { code, text } = await exited;
  expect(text).toMatch(last);
  expect(text.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(3);
  const again = await (await proofload(['check', join(results, 'latest')])).exited;
  expect(again.code).toBe(3);
  expect(again.text).toMatch(last);
  const json = await (await proofload(['run', 'chaos/weak-secret', '--json'], { CONTRACT })).exited;
  expect(JSON.parse(json.text)).toMatchObject({
    ...{ verdict: 'INCONCLUSIVE', requires: ['chaos/weak-secret'], scenarios: [] },
    coverage: {
      asked: 1,
      judged: 0,
      notJudged: [{ scenarios: [{ name: 'chaos/weak-secret', judges: 'weak secrets' }] }],
    },
  });
}, 120_000);

test.each([['run', 'stress'], ['doctor'], ['gate'], ['baseline'], ['lab']])(
  'without a contract %s is wrong usage, and says what to do',
  async (...args) => {
    const folder = await mkdtemp(join(tmpdir(), 'proofload-empty-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const { code, text } = await (await proofload(args, { CONTRACT: '' }, folder)).exited;
    expect(code).toBe(2);
    expect(text).toMatch(
      /^USAGE: there is no contract: \S+proofload\.yaml does not exist, .*"proofload init" writes one; --demo takes the reference/,
    );
    expect(await readdir(folder)).toEqual([]);
  },
);

test('the contract in the working folder under its usual name is taken, and is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-own-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { secret: _, ...without } = reference;
  await writeFile(join(folder, 'proofload.yaml'), JSON.stringify({ ...without, name: 'my service' }));
  const { code, text } = await (await proofload(['run', 'chaos/weak-secret'], { CONTRACT: '' }, folder)).exited;
  expect(text).toMatch(/^my service \(proofload\.yaml\), profile fast/m);
  expect(code).toBe(3);
});

test("the reference service and a contract of one's own are not asked for at once", async () => {
  const { code, text } = await (await proofload(['run', 'chaos', '--demo', '--contract', 'x.yaml'])).exited;
  expect({ code, text }).toEqual({
    code: 2,
    text: expect.stringContaining("option '--demo' cannot be used with option '--contract <file>'"),
  });
});
