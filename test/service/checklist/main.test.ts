import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startPostgres, type TestPostgres } from '../../support/embedded-postgres.ts';
import { ServiceProcess } from '../support/service-process.ts';

// Each test starts two processes, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 20_000 });

let postgres: TestPostgres;
let settings: NodeJS.ProcessEnv;
let results: string;

beforeAll(async () => {
  postgres = await startPostgres('max_connections=120');
  settings = {
    PORT: '0',
    SECRET_KEY: 'Zq8-rT2_vL5.xW9+bN4=cM7!kJ3*hG6p',
    DATABASE_URL: await postgres.createDatabase(),
    GROQ_API_KEY: 'gsk_nobody_may_see',
    MEM0_API_KEY: 'm0_nobody_may_see',
  };
  results = await mkdtemp(join(tmpdir(), 'proofload-checklist-'));
  const run = join(results, 'runs/stress/2026-11-24T16-00-00.000Z');
  await mkdir(run, { recursive: true });
  const scenarios = (await readdir('scenarios/stress')).map((file) => ({ scenario: `stress/${file.slice(0, -3)}` }));
  await writeFile(join(run, 'verdict.json'), JSON.stringify({ started: '2026-11-24', verdict: 'PASS', scenarios }));
});

afterAll(async () => {
  await rm(results, { recursive: true });
  await postgres[Symbol.asyncDispose]();
});

function checklist(environment: Record<string, string>): Promise<{ code: number; marks: string[]; stdout: string }> {
  const env = { PATH: process.env.PATH ?? '', RESULTS: results, ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, ['service/checklist/main.ts'], { env }, (error, stdout) => {
      const marks = [...stdout.matchAll(/│ (HOLDS|FAILS|UNKNOWN) +│/g)].map(([, mark]) => mark as string);
      resolve({ code: Number(error?.code ?? 0), marks, stdout });
    });
  });
}

test('exits with 0 if all items hold', async () => {
  await using service = new ServiceProcess(settings);
  const url = await service.listening();
  const { code, marks, stdout } = await checklist({ URL: url, DATABASE_URL: settings.DATABASE_URL ?? '' });
  expect({ code, marks }).toEqual({ code: 0, marks: Array(7).fill('HOLDS') });
  expect(stdout.replaceAll(/│\s+│\s+│/g, ' ').replaceAll(/\s+/g, ' ')).toContain(
    'POST /v1/activities/suggest 60 in 60 s',
  );
});

test('exits with 1 and shows which items fail', async () => {
  const off = { RATE_LIMIT_ENABLED: 'false', CIRCUIT_BREAKER_ENABLED: 'False' };
  await using service = new ServiceProcess({ ...settings, ...off });
  const environment = { URL: await service.listening(), DATABASE_URL: settings.DATABASE_URL ?? '', REPLICAS: '12' };
  const { code, marks } = await checklist(environment);
  expect({ code, marks }).toEqual({ code: 1, marks: ['HOLDS', 'FAILS', 'FAILS', 'HOLDS', 'FAILS', 'HOLDS', 'HOLDS'] });
});

test('most items are unknown without a service and a database', async () => {
  const { code, marks } = await checklist({ URL: 'http://127.0.0.1:1' });
  const UNKNOWN = 'UNKNOWN';
  expect({ code, marks }).toEqual({ code: 1, marks: ['HOLDS', ...Array(4).fill(UNKNOWN), 'HOLDS', UNKNOWN] });
});

test('rejects an invalid number of replicas', async () => {
  expect(await checklist({ REPLICAS: '0' })).toMatchObject({ code: 2, stdout: '' });
});
