import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asAdmin } from '../../../../harness/lab/postgres/database.ts';
import { eventually } from '../../../support/eventually.ts';

const run = promisify(execFile);

/** Starts an embedded server's process with its own temporary folder. */
async function start({ umask = '022', environment = {} as NodeJS.ProcessEnv, settings = [] as string[] } = {}) {
  const temporary = await mkdtemp(join(tmpdir(), 'proofload-embedded-'));
  await chmod(temporary, 0o755); // PostgreSQL runs as another user if this runs as root
  const script = `umask ${umask}; exec "$0" harness/lab/postgres/embedded-postgres.ts "$@"`;
  const options = settings.flatMap((setting) => ['--setting', setting]);
  const child = spawn('sh', ['-c', script, process.execPath, ...options], {
    env: { ...process.env, TMPDIR: temporary, ...environment },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit');
  const ready = new Promise<{ url: string }>((resolve) => {
    createInterface({ input: child.stdout }).on(
      'line',
      (line) => line.startsWith('{"ready"') && resolve(JSON.parse(line)),
    );
  });
  const [folder] = await eventually(async () => {
    const made = await readdir(temporary);
    expect(made).toHaveLength(1);
    return made.map((name) => join(temporary, name));
  }, 1);
  return {
    child,
    exited,
    folder: folder as string,
    left: () => readdir(temporary),
    url: async () => (await ready).url as string,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await exited;
      await rm(temporary, { recursive: true, force: true });
    },
  };
}

test.concurrent.each(['its input ends', 'SIGTERM'])(
  'terminated while it creates its data (%s), it leaves nothing behind',
  async (how) => {
    await using server = await start();
    await eventually(async () => expect(await readdir(server.folder)).toContain('data'), 5);
    if (how === 'SIGTERM') server.child.kill('SIGTERM');
    else server.child.stdin.end();
    expect(await server.exited).toEqual([0, null]);
    expect(await server.left()).toEqual([]);
  },
);

test.concurrent.each([
  ['vi_VN.UTF-8', '077'],
  ['tr_TR.UTF-8', '000'],
])(
  'starts with the locale %s, which need not be installed, and is private with a umask of %s',
  async (locale, umask) => {
    await using server = await start({ umask, environment: { LANG: locale, LC_ALL: locale } });
    const { password } = new URL(await server.url());
    expect(password).toMatch(/^[0-9a-f]{48}$/);
    await expect(run('grep', ['-r', password, server.folder])).rejects.toMatchObject({ code: 1 });
    const modeOf = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);
    expect(await modeOf(server.folder)).toBe('700');
    expect(await modeOf(join(server.folder, 'data'))).toBe('700');
    expect((await run('ps', ['-eo', 'args'])).stdout).not.toContain(password);
    const found = await asAdmin(await server.url(), async (admin) => {
      await admin.query('CREATE DATABASE one');
      const { rows } = await admin.query(`SELECT lower('ÄI') AS lower, current_setting('server_encoding') AS encoding`);
      return rows;
    });
    expect(found).toEqual([{ lower: 'äi', encoding: 'UTF8' }]);
  },
);

/** Starts a server that keeps its template in `kept`. Returns its URL, and the ID that initdb gave to its data. */
async function startedFrom(kept: string) {
  await using server = await start({ environment: { NODE_COMPILE_CACHE: kept } });
  const url = await server.url();
  const id = await asAdmin(url, async (admin) => {
    const { rows } = await admin.query('SELECT system_identifier AS id FROM pg_control_system()');
    return rows[0].id as string;
  });
  return { url, id };
}

test('copies the data of an earlier server, but has its own password', async () => {
  const kept = await mkdtemp(join(tmpdir(), 'proofload-kept-'));
  try {
    const first = await startedFrom(kept);
    const second = await startedFrom(kept);
    expect(second.id).toBe(first.id);
    expect(new URL(second.url).password).not.toBe(new URL(first.url).password);
    const [name = ''] = (await readdir(kept)).filter((file) => file.endsWith('.tar'));
    const template = join(kept, name);
    expect((await readFile(template)).includes('SCRAM-SHA-256$')).toBe(false);
    // An archive without any data can be unpacked, but no server can use it.
    await mkdir(join(kept, 'data'));
    await run('tar', ['-cf', template, '-C', kept, 'data']);
    expect((await startedFrom(kept)).id).not.toBe(first.id);
    expect((await stat(template)).size).toBeGreaterThan(1e6);
  } finally {
    await rm(kept, { recursive: true });
  }
});

const PREFIX = `it's = \\n '%m' `;
let server: Awaited<ReturnType<typeof start>>;
beforeAll(async () => {
  server = await start({ settings: [`log_line_prefix=${PREFIX}`] });
});
afterAll(() => server?.[Symbol.asyncDispose]());

test('passes settings on unchanged', async () => {
  const { rows } = await asAdmin(await server.url(), (admin) => admin.query('SHOW log_line_prefix'));
  expect(rows).toEqual([{ log_line_prefix: PREFIX }]);
});

test.each([
  ['the wrong password', 'proofload'],
  ['no password', undefined],
])('rejects %s', async (_what, password) => {
  const { hostname, port, username } = new URL(await server.url());
  // Don't pass a URL: with an empty password, the client would read PGPASSWORD and ~/.pgpass.
  const client = new pg.Client({
    host: hostname,
    port: Number(port),
    user: username,
    password: password ?? (() => ''),
  });
  client.on('error', () => {});
  await expect(client.connect()).rejects.toThrow(/password/);
});

test('requires SCRAM for every connection, and has no Unix socket', async () => {
  const shown = await asAdmin(await server.url(), async (admin) => {
    const { rows: rules } = await admin.query('SELECT DISTINCT auth_method FROM pg_hba_file_rules');
    const { rows: sockets } = await admin.query('SHOW unix_socket_directories');
    return { rules, sockets };
  });
  expect(shown).toEqual({ rules: [{ auth_method: 'scram-sha-256' }], sockets: [{ unix_socket_directories: '' }] });
});

const isRoot = process.getuid?.() === 0;
test.skipIf(!isRoot)(
  `another user can't enter its folder${isRoot ? '' : ' (skipped: only root can act as one)'}`,
  async () => {
    await server.url();
    const nobody = { uid: 65_534, gid: 65_534 };
    for (const path of [server.folder, join(server.folder, 'data'), join(server.folder, 'data', 'PG_VERSION')])
      await expect(run('cat', [path], nobody)).rejects.toThrow(/Permission denied/);
  },
);
