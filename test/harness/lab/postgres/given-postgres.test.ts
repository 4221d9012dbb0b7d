import { afterAll, beforeAll, expect, test } from 'vitest';
import { asAdmin } from '../../../../harness/lab/postgres/database.ts';
import { startPostgres } from '../../../../harness/lab/postgres/postgres.ts';
import type { Reaper } from '../../../../harness/process/reaper.ts';
import { startPostgres as startServer, type TestPostgres } from '../../../support/embedded-postgres.ts';
import { refusingPort } from '../../../support/refusing-port.ts';

let server: TestPostgres;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.[Symbol.asyncDispose]());

/** With an existing server, nothing is started that a reaper would have to stop. */
const given = (url: string) => startPostgres(url, {} as Reaper);

function changed(change: Partial<URL>): string {
  return Object.assign(new URL(server.adminUrl), change).href;
}

test('accepts the URL of a server whose role may create roles and databases', async () => {
  await using found = await given(server.adminUrl);
  expect(found.adminUrl).toBe(server.adminUrl);
  expect(found.server).toBeUndefined();
  expect(found.description).toBe(`PostgreSQL at ${new URL(server.adminUrl).host} (POSTGRES)`);
  await asAdmin(server.adminUrl, (admin) =>
    admin.query("CREATE ROLE maker LOGIN CREATEROLE CREATEDB PASSWORD 'makes'"),
  );
  await using maker = await given(changed({ username: 'maker', password: 'makes' }));
  expect(maker.description).toContain('(POSTGRES)');
});

test("rejects a server that doesn't respond", async () => {
  const port = await refusingPort();
  await expect(given(`postgres://u:hunter2@127.0.0.1:${port}/x`)).rejects.toMatchObject({
    code: 'POSTGRES_FAILED',
    exitCode: 1,
    message: expect.stringMatching(`^PostgreSQL \\(postgres.*\\): connect ECONNREFUSED 127.0.0.1:${port}$`),
  });
});

test.each([
  ['a host that there is not', 'postgres://unreachable.invalid', /^PostgreSQL \(.*\): getaddrinfo E/],
  ['all addresses of a host, none of which answers', 'postgres://localhost:1/x', /^PostgreSQL \(.*\): .*ECONNREFUSED/],
])('gives the reason for %s', async (_, url, message) => {
  await expect(given(url)).rejects.toMatchObject({ code: 'POSTGRES_FAILED', message: expect.stringMatching(message) });
});

test.each([
  ['the wrong password', () => changed({ password: 'hunter2' }), 'password authentication failed for user "proofload"'],
  ['a database that there is not', () => changed({ pathname: '/nowhere' }), 'database "nowhere" does not exist'],
])('rejects %s', async (_, url, says) => {
  const refused = await given(url()).catch((error) => error);
  expect(refused).toMatchObject({ code: 'POSTGRES_FAILED', message: expect.stringContaining(says) });
  expect(refused.message).not.toContain('hunter2');
});

test('rejects a role that may not create roles and databases', async () => {
  await expect(given(await server.createDatabase())).rejects.toMatchObject({
    code: 'POSTGRES_FAILED',
    message: expect.stringMatching(/the role "proofload_\w+" may not create roles and databases; use a superuser/),
  });
});

test.each(['postgres://', 'postgres://u:hunter2@[::1', 'postgres://u:hunter2@127.0.0.1:99999/x'])(
  'refuses %s, which is no URL of a server, without its password',
  async (url) => {
    const refused = await given(url).catch((error) => error);
    expect(refused).toMatchObject({
      code: 'USAGE',
      exitCode: 2,
      message: expect.stringContaining('for example postgres://'),
    });
    expect(refused.message).not.toContain('hunter2');
  },
);
