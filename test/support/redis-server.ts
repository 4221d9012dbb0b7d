import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../harness/process/readiness.ts';
import { HANG_MS } from './limits.ts';

/** Why there is no Redis on this machine, or undefined if there is one. */
export const noRedis: string | undefined =
  spawnSync('redis-server', ['--version']).status === 0
    ? undefined
    : 'redis-server is not installed (apt-get install redis-server)';

if (noRedis) console.warn(`tests with Redis are skipped: ${noRedis}`);

/** Starts a Redis server that stores nothing on disk. */
export async function startRedis(): Promise<{ port: number } & AsyncDisposable> {
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  // Redis does not start if the locale is not installed.
  const child = spawn('redis-server', args, { stdio: 'ignore', env: { PATH: process.env.PATH, LC_ALL: 'C' } });
  const exited = once(child, 'exit');
  const deadline = Date.now() + HANG_MS;
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error('redis-server does not come up');
    await pause(20);
  }
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(String(data).startsWith('+PONG'));
    });
    socket.once('error', () => resolve(false));
  });
}
