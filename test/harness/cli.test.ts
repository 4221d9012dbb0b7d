import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import reference from '../../service/proofload.config.ts';
import { contractFile, decidedRun, EXAMPLE, proofload, proofloadWarm } from '../support/command-line.ts';
import { usingSharedPostgres } from '../support/embedded-postgres.ts';
import { writeEngineCommand } from '../support/engine-command.ts';
import { LIMIT, limitedContract, startLimitedServer } from '../support/limited-server.ts';
import { ALONE_MS } from '../support/limits.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('prints its version', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8'));
  expect(await (await proofload(['--version'])).exited).toEqual({ code: 0, text: `${version}\n` });
});

test('prints no error if nobody reads its help to the end', async () => {
  const { child, exited } = await proofload(['run', '--help']);
  child.stdout.destroy();
  expect(await exited).toEqual({ code: 0, text: '' });
});

test('lists the scenarios with their subject, their duration, and why the contract skips them', async () => {
  const { secret: _, ...without } = reference;
  const CONTRACT = await contractFile(without);
  const { code, text } = await proofloadWarm(['list', 'weak-secret', 'rate-limits'], { CONTRACT });
  expect({ code, lines: text.trim().split('\n') }).toEqual({
    code: 0,
    lines: [
      'chaos/weak-secret   skipped      weak secrets (the contract describes no secret)',
      expect.stringMatching(/^stress\/rate-limits {2}about \d+ s +rate limits$/),
    ],
  });
  const json = await proofloadWarm(['list', '--json', '--grep', 'weak'], { CONTRACT });
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
  const folder = await temporaryFolder();
  const { code, text } = await proofloadWarm(['list'], { CONTRACT: '' }, folder);
  expect(text).toMatch(/^chaos\/weak-secret +weak secrets$/m);
  expect(text).toContain('With a contract, the list');
  expect(code).toBe(0);
});

test(
  '--json prints only the verdict, and in GitHub Actions the job summary is appended',
  async () => {
    const folder = await temporaryFolder();
    const summary = join(folder, 'summary.md');
    const environment = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    const args = ['run', 'stress/smoke', '--json', '--seed', '5'];
    const { code, text } = await decidedRun(args, { ...environment, ...EXAMPLE });
    expect(code).toBe(0);
    expect(JSON.parse(text)).toMatchObject({
      version: 2,
      verdict: 'PASS',
      scenarios: [{ again: expect.stringMatching(/SEED=5 .*stress\/smoke|stress\/smoke .*SEED=5/) }],
    });
    expect(await readFile(summary, 'utf8')).toMatch(/^## ✅ PASS: proofload stress-smoke\n/);
  },
  ALONE_MS,
);

test(
  'a k6 binary runs the same scenario with the same command line and gets the same verdict',
  async () => {
    const folder = await temporaryFolder();
    const k6 = await writeEngineCommand(folder, 'k6 v1.6.1 (a stand-in)');
    const environment = { ...EXAMPLE, ENGINE: 'k6', K6_BIN: k6 };
    const { code, text } = await decidedRun(['run', 'stress/smoke'], environment);
    expect(text).toMatch(/^profile fast, seed \d+, engine k6, /m);
    expect(code).toBe(0);
  },
  ALONE_MS,
);

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
  const { code, text } = await proofloadWarm(['run', 'stress/noisy-neighbour'], {
    ...(await usingSharedPostgres()),
    CONTRACT,
  });
  expect(code).toBe(3);
  expect(text).toMatch(/^ {2}INCONCLUSIVE {2}script ran to its end$/m);
  expect(text).toContain('Uncaught');
});

test('an undelivered fault is not blamed on the service', async () => {
  const CONTRACT = await contractWith([{ kind: 'status', status: 500, apiKey: 'of nobody' }]);
  const { code, text } = await proofloadWarm(['run', 'chaos/llm-outage'], {
    ...(await usingSharedPostgres()),
    CONTRACT,
  });
  expect(code).toBe(3);
  expect(text).toMatch(/^ {2}INCONCLUSIVE {2}faults delivered\n.*\n.*status at groq: 0 of 1 delivered/m);
  expect(text).toMatch(/^ {4}and \d+ checks that follow from it: stays closed below;/m);
});

test(
  'repeats keep their folders, are counted in a table, and run on if a collector of metrics is down',
  async () => {
    const args = ['run', 'stress/smoke', '--repeat', '2', '--otlp', 'http://127.0.0.1:1'];
    const { code, text } = await decidedRun(args, { ...EXAMPLE, SEED: '3' });
    expect(code).toBe(0);
    expect(text.match(/--otlp: \S+ did not accept the metrics/g)).toHaveLength(1);
    expect(text).toMatch(/stress\/smoke +│ 2 +│ 0 +│ 0 +│/);
    expect(text).toMatch(/PASS: 2 of 2 repeats passed\. Each judged 1 of 1 scenario, and at least [1-9]\d* of /);
    const reports = [...text.matchAll(/^Report: +(.*)$/gm)].map(([, path]) => path as string);
    const seeds = await Promise.all(
      reports.map(async (path) => JSON.parse(await readFile(join(dirname(path), 'verdict.json'), 'utf8')).seed),
    );
    expect(seeds).toEqual([3, 103]);
  },
  ALONE_MS,
);

test(
  'a running service is judged by scenarios that need neither its start nor its settings, and keeps running',
  async () => {
    await using server = await startLimitedServer();
    const CONTRACT = await contractFile(limitedContract(server.url));
    const scenarios = ['stress/smoke', 'stress/rate-limits', 'stress/window-boundary', 'chaos/weak-secret'];
    const { code, text } = await decidedRun(['run', ...scenarios], { CONTRACT });
    expect(text).toMatch(
      /\nPASS: 3 of 3 scenarios judged, \d+ checks; \d+ of \d+ promises judged, 0 proved\. 1 scenario needs promises that this contract does not make: proofload list\.\n$/,
    );
    expect(text.match(/^PASS +stress\/[\w-]+/gm)).toHaveLength(3);
    expect(code).toBe(0);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  },
  ALONE_MS,
);

test(
  'a service at another name is refused, unless it is allowed: then the rest is skipped, with the reason',
  async () => {
    await using server = await startLimitedServer();
    const CONTRACT = await contractFile(limitedContract(server.url.replace('127.0.0.1', 'localhost')));
    const refused = await proofloadWarm(['doctor'], { CONTRACT });
    expect(refused.code).toBe(2);
    expect(refused.text).toMatch(
      /^HOST_NOT_ALLOWED: start.running.url is not on this machine .*--allow-host localhost\n$/,
    );
    const args = ['stress/smoke', 'stress/rate-limits', '--allow-host', 'example.org', '--allow-host', 'localhost'];
    const { code, text } = await decidedRun(['run', ...args], { CONTRACT });
    expect(text).toContain('because the service is on another machine: it sees all clients at one address.');
    expect(text).toMatch(/^PASS: 1 of 2 scenarios judged/m);
    expect(code).toBe(0);
  },
  ALONE_MS,
);

test(
  'a running service that allows one request too many fails',
  async () => {
    // A busy machine may need more than a second for the requests of a window.
    const limit = { ...LIMIT, windowSeconds: 2 };
    await using server = await startLimitedServer({ ...limit, admits: limit.max + 1 });
    const CONTRACT = await contractFile(limitedContract(server.url, undefined, limit));
    const { code, text } = await decidedRun(['run', 'stress/rate-limits'], { CONTRACT });
    expect(text).toMatch(/^ {2}FAIL {2}admits exactly N: limited, first window$/m);
    expect(code).toBe(99);
  },
  ALONE_MS,
);
