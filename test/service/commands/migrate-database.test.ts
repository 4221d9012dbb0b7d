import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { sharedPostgres, type TestPostgres } from '../../support/embedded-postgres.ts';

const run = promisify(execFile);
let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await sharedPostgres();
});

// When run by `make test`, make would print the directory that it enters.
const makeMigrate = (url: string) =>
  run('make', ['--no-print-directory', 'migrate'], { env: { ...process.env, DATABASE_URL: url } });

test('make migrate applies and lists new migrations', async () => {
  const url = await postgres.createDatabase();
  const files = (await readdir('service/storage/migrations')).sort();
  expect(files[0]).toBe('001_conversation_events.sql');
  expect((await makeMigrate(url)).stdout).toBe(`applied ${files.join(', ')}\n`);
  expect((await makeMigrate(url)).stdout).toBe('up to date\n');
});

test.each([
  ['', 2, 'DATABASE_URL'],
  ['mysql://hunter2@db/x', 2, 'must be a postgres:// or postgresql:// URL'],
  ['postgres://ada:hunter2@127.0.0.1:1/none', 1, 'ECONNREFUSED'],
])('with DATABASE_URL=%j it exits with %i and the reason, without the password', async (url, code, why) => {
  const child = run(process.execPath, ['service/commands/migrate-database.ts'], { env: { DATABASE_URL: url } });
  const failure = (await child.catch((error: unknown) => error)) as { code: number; stderr: string };
  expect(failure.code).toBe(code);
  expect(failure.stderr).toContain(why);
  expect(failure.stderr).not.toContain('hunter2');
});
