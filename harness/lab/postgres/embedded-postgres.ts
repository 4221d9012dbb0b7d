/**
 * The process that runs an embedded PostgreSQL. It starts a server in private temporary folders, and prints one line
 * of JSON with its URL when it is ready. It stops and removes the server on SIGTERM, or when its standard input is
 * closed because its parent has exited. It reads commands from its standard input and replies to each with a line of
 * JSON: `stop` stops the server immediately and keeps its data, `crash` kills it, `start` starts it again, and `copy`
 * copies its data to a file, from which another server starts with `--data`. `--setting name=value` sets a parameter in
 * postgresql.conf.
 *
 * It also prints the folders that it creates (`made`), so that they are removed even if it is killed, and how the server
 * ended if it was not told to (`ended`).
 *
 * A separate process ensures that the server is removed even if the harness is killed, and that Ctrl-C in the terminal
 * does not reach the server before the service under test has stopped.
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { memoryFolder } from './memory-folder.ts';
import { PostgresCluster } from './postgres-cluster.ts';
import { SERVER_SETTINGS } from './server-settings.ts';

const { values } = parseArgs({
  options: { setting: { type: 'string', multiple: true, default: [] }, data: { type: 'string' } },
});
const SETTINGS = [
  ...SERVER_SETTINGS,
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'log_min_messages=log',
  // In its folder, and not in /dev/shm, where a server that is killed would leave it.
  'dynamic_shared_memory_type=mmap',
];

/**
 * Restart timeout in milliseconds. The server refuses to start while any process of a crashed predecessor is still
 * running.
 */
const RESTART_MS = 20_000;

// The process that reads the output may have exited, and the folder must still be removed.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const settings = [...SETTINGS, ...values.setting];
const creating = memoryFolder().then((memory) =>
  PostgresCluster.create(
    settings,
    (line) => process.stderr.write(`${line}\n`),
    (made) => console.log(JSON.stringify({ made })),
    memory,
    values.data,
  ),
);
const starting = creating.then((cluster) => {
  cluster.onEnd = (ended) => console.log(JSON.stringify({ ended }));
  return cluster.start();
});
let isEnding = false;

async function end(exitCode: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  // Otherwise initdb would recreate files that are being removed.
  await starting.catch(() => {});
  await creating.then(
    (cluster) => cluster.remove(),
    () => {}, // nothing was created
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

const orders: Record<string, () => Promise<unknown>> = {
  stop: async () => (await creating).stop('SIGQUIT'),
  crash: async () => (await creating).stop('SIGKILL'),
  start: startAgain,
  copy: async () => (await creating).copy(),
};
createInterface({ input: process.stdin }).on('line', async (line) => {
  try {
    console.log(JSON.stringify({ done: line, result: await orders[line]?.() }));
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
