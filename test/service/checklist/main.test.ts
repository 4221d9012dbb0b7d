import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loadContract } from '../../../harness/contract/load.ts';
import { findScenarios } from '../../../harness/contract/scenario-names.ts';
import { describeEnvironment } from '../../../harness/report/environment.ts';
import { loadScenario } from '../../../harness/run/scenario.ts';
import { type RunResult, runResultSchema } from '../../../harness/verdict/run-result.ts';
import { stressTest } from '../../../service/checklist/items/stress-test.ts';
import type { Observations } from '../../../service/checklist/observe/observations.ts';
import { observeStress } from '../../../service/checklist/observe/observe-checkout.ts';
import { startPostgres, type TestPostgres } from '../../support/embedded-postgres.ts';
import { keptCertificates } from '../../support/kept-certificates.ts';
import { finding, runResult, scenarioResult } from '../../support/run-result.ts';
import { ServiceProcess } from '../support/service-process.ts';
import { startTlsServer } from '../support/tls-server.ts';

// Each test starts several processes, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let postgres: TestPostgres;
let settings: NodeJS.ProcessEnv;
let upstream: Awaited<ReturnType<typeof startTlsServer>>;
let folder: string;
let made: Promise<RunResult> | undefined;

/** What the contract of the reference service always skips. */
const SKIPPED = ['stress/budget-day', 'stress/budgets', 'stress/concurrency', 'stress/requests-in-progress'];

beforeAll(async () => {
  postgres = await startPostgres('max_connections=120');
  upstream = await startTlsServer((await keptCertificates()).trusted);
  folder = await mkdtemp(join(tmpdir(), 'proofload-checklist-'));
  await writeFile(join(folder, 'ca.pem'), (await keptCertificates()).ca);
  settings = {
    PORT: '0',
    SECRET_KEY: 'Zq8-rT2_vL5.xW9+bN4=cM7!kJ3*hG6p',
    DATABASE_URL: await postgres.createDatabase(),
    GROQ_API_KEY: 'gsk_nobody_may_see',
    GROQ_BASE_URL: upstream.url,
    MEM0_API_KEY: 'm0_nobody_may_see',
    MEM0_BASE_URL: upstream.url,
    NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
    // On a busy machine, requests would be refused as overload.
    LOAD_SHED_EVENT_LOOP_DELAY_MS: '60000',
  };
});

/**
 * Returns the verdict of the run that TEST_STRESS_RESULTS names, as .ci/run does after `make stress`. Otherwise, of a run
 * in which all scenarios passed that the contract does not skip.
 */
const everyScenario = (): Promise<RunResult> => {
  made ??= makeRun();
  return made;
};

async function makeRun(): Promise<RunResult> {
  const { TEST_STRESS_RESULTS: given } = process.env;
  if (given) return verdictOf(join(given, 'latest'));
  const contract = await loadContract('service/proofload.config.ts');
  const loaded = await Promise.all(
    (await findScenarios(['stress'], [])).map((name) => loadScenario(name, contract, 'fast')),
  );
  const scenarios = loaded.flatMap((scenario) =>
    'skipped' in scenario ? [] : scenarioResult(scenario.name, [finding('a check', 'PASS')]),
  );
  return runResult(scenarios, {
    started: new Date().toISOString(),
    service: contract.name,
    environment: await describeEnvironment(),
    skipped: loaded.flatMap((scenario) => ('skipped' in scenario ? scenario : [])),
  });
}

const verdictOf = async (run: string): Promise<RunResult> =>
  runResultSchema.parse(JSON.parse(await readFile(join(run, 'verdict.json'), 'utf8')));

/** Writes the results of a stress test, and returns their folder. */
async function resultsOf(verdict: unknown): Promise<string> {
  const results = await mkdtemp(join(folder, 'results-'));
  const run = join(results, 'runs/stress/2026-11-24T16-00-00.000Z');
  await mkdir(run, { recursive: true });
  await writeFile(join(run, 'verdict.json'), JSON.stringify(verdict));
  return results;
}

afterAll(async () => {
  await rm(folder, { recursive: true });
  await upstream[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
});

async function checklist(
  environment: Record<string, string>,
): Promise<{ code: number; marks: string[]; stdout: string }> {
  const env = {
    PATH: process.env.PATH ?? '',
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    NODE_EXTRA_CA_CERTS: settings.NODE_EXTRA_CA_CERTS,
    RESULTS: await resultsOf(await everyScenario()),
    ...environment,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, ['service/checklist/main.ts'], { env }, (error, stdout) => {
      const marks = [...stdout.matchAll(/│ (HOLDS|WARNING|FAILS|UNKNOWN) +│/g)].map(([, mark]) => mark as string);
      resolve({ code: Number(error?.code ?? 0), marks, stdout });
    });
  });
}

const HOLD = (times: number) => Array(times).fill('HOLDS');

test('exits with 0 if all items hold', async () => {
  await using service = new ServiceProcess(settings);
  const url = await service.listening();
  const { code, marks, stdout } = await checklist({ URL: url, DATABASE_URL: settings.DATABASE_URL ?? '' });
  expect({ code, marks }).toEqual({ code: 0, marks: Array(8).fill('HOLDS') });
  expect(stdout.replaceAll(/│\s+│\s+│/g, ' ').replaceAll(/\s+/g, ' ')).toContain(
    'POST /v1/activities/suggest 60 in 60 s',
  );
});

test('exits with 1 and shows which items fail', async () => {
  const off = { RATE_LIMIT_ENABLED: 'false', CIRCUIT_BREAKER_ENABLED: 'False' };
  await using service = new ServiceProcess({ ...settings, ...off });
  const environment = { URL: await service.listening(), DATABASE_URL: settings.DATABASE_URL ?? '', REPLICAS: '12' };
  const { code, marks } = await checklist(environment);
  expect({ code, marks }).toEqual({ code: 1, marks: ['HOLDS', 'FAILS', 'FAILS', ...HOLD(2), 'FAILS', ...HOLD(2)] });
});

test('does not take over what the service says about its numbers', async () => {
  const lax = { RATE_LIMIT_DEFAULT: '900000000/second', CIRCUIT_BREAKER_FAILURE_THRESHOLD: '1000000' };
  await using service = new ServiceProcess({ ...settings, ...lax });
  const environment = { URL: await service.listening(), DATABASE_URL: settings.DATABASE_URL ?? '' };
  const { code, marks, stdout } = await checklist(environment);
  expect({ code, marks }).toEqual({ code: 1, marks: ['HOLDS', 'FAILS', 'FAILS', ...HOLD(5)] });
  const text = stdout.replaceAll(/│\s+│\s+│/g, ' ').replaceAll(/\s+/g, ' ');
  expect(text).toContain('GET /ready 900000000 in 1 s instead of 100 in 60 s');
  expect(text).toContain('opens after 1000000 consecutive failures, for 60 s');
});

test('warns about numbers that are stricter or adjusted, and exits with 0', async () => {
  const adjusted = { RATE_LIMIT_HEALTH_CHECK: '100/minute; 1000/hour', CIRCUIT_BREAKER_FAILURE_THRESHOLD: '8' };
  await using service = new ServiceProcess({ ...settings, ...adjusted });
  const environment = { URL: await service.listening(), DATABASE_URL: settings.DATABASE_URL ?? '' };
  const { code, marks, stdout } = await checklist(environment);
  expect({ code, marks }).toEqual({ code: 0, marks: ['HOLDS', 'WARNING', 'WARNING', ...HOLD(5)] });
  expect(stdout).toContain('All items hold, 2 with a warning.');
});

test('an upstream in plain text and a certificate that is not trusted here fail', async () => {
  const plain = { ENVIRONMENT: 'development', MEM0_BASE_URL: 'http://127.0.0.1:9' };
  await using service = new ServiceProcess({ ...settings, ...plain });
  const environment = { URL: await service.listening(), DATABASE_URL: settings.DATABASE_URL ?? '' };
  expect((await checklist(environment)).marks).toEqual([...HOLD(3), 'FAILS', 'FAILS', ...HOLD(2), 'FAILS']);
  await using other = new ServiceProcess(settings);
  const untrusted = { ...environment, URL: await other.listening(), NODE_EXTRA_CA_CERTS: '' };
  expect((await checklist(untrusted)).marks).toEqual([...HOLD(4), 'FAILS', ...HOLD(3)]);
});

test.each<[string, RegExp, (run: RunResult) => unknown]>([
  ['of some scenarios', /^UNKNOWN .* did not judge stress\//, (run) => ({ ...run, scenarios: run.scenarios.slice(1) })],
  ['that failed', /^FAILS FAIL in the run/, (run) => ({ ...run, verdict: 'FAIL' })],
  ['that is inconclusive', /^FAILS INCONCLUSIVE in the run/, (run) => ({ ...run, verdict: 'INCONCLUSIVE' })],
  ['of another service', /^UNKNOWN .* tested another service, gateway/, (run) => ({ ...run, service: 'gateway' })],
  [
    'with another command',
    /^UNKNOWN .* it ran with COMMAND/,
    (run) => repeatedBy(run, "make stress COMMAND='node other.js' SEED=7"),
  ],
  [
    'with another contract',
    /^UNKNOWN .* it ran with CONTRACT/,
    (run) => repeatedBy(run, 'make stress CONTRACT=other.yaml SEED=7'),
  ],
  [
    'from before this build',
    /^UNKNOWN .* changed after it/,
    (run) => withoutCommit({ ...run, started: '2020-01-01T00:00:00Z' }),
  ],
  [
    'that no longer skips anything',
    /^UNKNOWN .* did not judge stress\/budget-day, stress\/budgets, stress\/concurrency/,
    (run) => ({ ...run, skipped: [] }),
  ],
  ['with a file that is no verdict', /^UNKNOWN .*verdict\.json is not the verdict of a run: started, /, () => ({})],
])('a stress test %s does not hold', async (_what, expected, change) => {
  const stress = await observeStress(process.cwd(), await resultsOf(change(await everyScenario())));
  const { mark, evidence } = stressTest.judge({ stress } as Observations);
  expect(`${mark} ${evidence}`).toMatch(expected);
});

const repeatedBy = (run: RunResult, again: string) => ({
  ...run,
  scenarios: run.scenarios.map((scenario) => ({ ...scenario, again })),
});

const withoutCommit = (run: RunResult) => ({ ...run, environment: { ...run.environment, commit: null } });

test('the contract skips exactly what the checklist does not ask for', async () => {
  const { default: contract } = await import('../../../service/proofload.config.ts');
  const real = await everyScenario();
  expect(real.service).toBe(contract.name);
  expect(real.skipped.map(({ name }) => name)).toEqual(SKIPPED);
});

test('most items are unknown without a service and a database', async () => {
  const { code, marks } = await checklist({ URL: 'http://127.0.0.1:1' });
  const UNKNOWN = 'UNKNOWN';
  expect({ code, marks }).toEqual({ code: 1, marks: ['HOLDS', ...Array(5).fill(UNKNOWN), 'HOLDS', UNKNOWN] });
});

test('rejects an invalid number of replicas', async () => {
  expect(await checklist({ REPLICAS: '0' })).toMatchObject({ code: 2, stdout: '' });
});
