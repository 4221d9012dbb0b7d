import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { now, pause } from '../../base/clock.ts';
import { importOptional } from '../../base/import-optional.ts';
import { SETTINGS } from '../../base/settings.ts';
import { freePort } from '../../process/readiness.ts';
import type { Reaper } from '../../process/reaper.ts';
import { asAdmin } from './database.ts';
import type { Postgres } from './running-postgres.ts';
import { SERVER_SETTINGS } from './server-settings.ts';
import { type ServerProcess, ServerSwitch } from './server-switch.ts';

/** Returns the likely address of a container engine, or undefined if there is no sign of one. */
export function engineHint(): string | undefined {
  const { DOCKER_HOST, XDG_RUNTIME_DIR = '/run/user/0' } = process.env;
  if (DOCKER_HOST) return DOCKER_HOST;
  const sockets = [
    '/var/run/docker.sock',
    join(XDG_RUNTIME_DIR, 'docker.sock'),
    join(homedir(), '.docker', 'run', 'docker.sock'),
    join(XDG_RUNTIME_DIR, 'podman', 'podman.sock'),
  ];
  return sockets.find((path) => existsSync(path));
}

/**
 * Starts PostgreSQL in a container, using the image specified by `POSTGRES_IMAGE`.
 *
 * @throws The error from Testcontainers if no container engine is available or the image can't be pulled
 */
export async function startContainer(reaper: Reaper): Promise<Postgres> {
  const { GenericContainer, getContainerRuntimeClient } = await importOptional('testcontainers', 'POSTGRES=container');
  const image = process.env.POSTGRES_IMAGE ?? SETTINGS.POSTGRES_IMAGE.usual;
  const port = await freePort();
  const password = randomBytes(24).toString('hex');
  // Without a health check: each check would take a connection slot that scenarios count.
  const container = await new GenericContainer(image)
    .withEnvironment({ POSTGRES_USER: 'proofload', POSTGRES_PASSWORD: password, POSTGRES_DB: 'postgres' })
    // Use a fixed port, so that it stays the same when the server is stopped and started again.
    .withExposedPorts({ container: 5432, host: port })
    .withCommand(['postgres', ...SERVER_SETTINGS.flatMap((setting) => ['-c', setting])])
    .start();
  const id = container.getId();
  reaper.rememberContainer(id);
  const url = `postgres://proofload:${password}@${container.getHost()}:${port}/postgres`;
  await untilReady(url);
  const { container: engine } = await getContainerRuntimeClient();
  return {
    description: `PostgreSQL in a container (${image})`,
    adminUrl: url,
    server: new ServerSwitch(serverIn(engine.getById(id), url)),
    [Symbol.asyncDispose]: async () => {
      await container.stop();
      reaper.forgetContainer(id);
    },
  };
}

/** Restart timeout in milliseconds. */
const LIMIT_MS = 60_000;

/** The part of a container engine's handle that controls a container. */
interface EngineContainer {
  wait(): Promise<unknown>;
  kill(options: { signal: string }): Promise<unknown>;
  start(): Promise<unknown>;
}

/**
 * Controls the server in a container. It is the container's main process, so the container stops and starts with it.
 */
function serverIn(container: EngineContainer, url: string): ServerProcess {
  return {
    async stop() {
      const gone = container.wait();
      await container.kill({ signal: 'SIGQUIT' });
      await gone;
    },
    async start() {
      await container.start();
      await untilReady(url);
    },
  };
}

/**
 * Waits until the server accepts connections.
 *
 * @throws The last connection error after LIMIT_MS
 */
async function untilReady(url: string): Promise<void> {
  const deadline = now() + LIMIT_MS;
  for (;;) {
    try {
      return await asAdmin(url, async () => {});
    } catch (error) {
      if (now() > deadline) throw error;
      await pause(25);
    }
  }
}
