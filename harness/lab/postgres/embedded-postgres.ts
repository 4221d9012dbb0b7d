/**
 * The process of an embedded PostgreSQL: starts a server in a private temporary folder, prints one line of JSON with its URL when it is
 * ready, and stops and removes it on SIGTERM or when its standard input ends (the process that started it is gone). Lines on its
 * standard input, each answered with a line of JSON: `stop` ends the server at once and keeps its data, `crash` kills it, `start`
 * starts it again. `--setting name=value` sets a parameter of postgresql.conf.
 *
 * It is a process of its own so that the server is removed even if the harness is killed, and so that the server does not get the
 * terminal's Ctrl-C before the service under test is stopped.
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { PostgresCluster } from './postgres-cluster.ts';

const { values } = parseArgs({ options: { setting: { type: 'string', multiple: true, default: [] } } });
const SETTINGS = ['fsync=off', 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'log_min_messages=log'];

/** Milliseconds in which a server must come back: it refuses while a process of a predecessor that crashed is still there. */
const RESTART_MS = 20_000;

// The reader of what is written may be gone, and the folder must be removed all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const creating = PostgresCluster.create([...SETTINGS, ...values.setting], (line) => process.stderr.write(`${line}\n`));
const starting = creating.then((cluster) => cluster.start());
let isEnding = false;

async function end(exitCode: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  // Files that are removed under initdb would be made again.
  await starting.catch(() => {});
  await creating.then(
    (cluster) => cluster.remove(),
    () => {}, // nothing was made
  );
  process.exit(exitCode);
}

process.on('SIGTERM', () => end(0));
process.on('SIGINT', () => end(0));
process.stdin.on('end', () => end(0));

async function startAgain(): Promise<void> {
  const cluster = await creating;
  const deadline = performance.now() + RESTART_MS;
  for (;;) {
    try {
      return await cluster.start();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

const orders: Record<string, () => Promise<void>> = {
  stop: async () => (await creating).stop('SIGQUIT'),
  crash: async () => (await creating).stop('SIGKILL'),
  start: startAgain,
};
createInterface({ input: process.stdin }).on('line', async (line) => {
  try {
    await orders[line]?.();
    console.log(JSON.stringify({ done: line }));
  } catch (error) {
    console.log(JSON.stringify({ done: line, problem: String(error) }));
  }
});

try {
  await starting;
  console.log(JSON.stringify({ ready: true, url: (await creating).url }));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await end(1);
}
