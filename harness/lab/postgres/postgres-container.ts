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
  const { PostgreSqlContainer } = await importOptional('@testcontainers/postgresql', 'POSTGRES=container');
  const image = process.env.POSTGRES_IMAGE ?? SETTINGS.POSTGRES_IMAGE.usual;
  const container = await new PostgreSqlContainer(image)
    .withDatabase('postgres')
    .withUsername('proofload')
    .withPassword(randomBytes(24).toString('hex'))
    // Use a fixed port, so that it stays the same when the server is stopped and started again.
    .withExposedPorts({ container: 5432, host: await freePort() })
    .withCommand(['postgres', ...SERVER_SETTINGS.flatMap((setting) => ['-c', setting])])
    .start();
  reaper.rememberContainer(container.getId());
  return {
    description: `PostgreSQL in a container (${image})`,
    adminUrl: container.getConnectionUri(),
    server: new ServerSwitch(await serverIn(container.getId(), container.getConnectionUri())),
    [Symbol.asyncDispose]: async () => {
      await container.stop();
      reaper.forgetContainer(container.getId());
    },
  };
}

/** Restart timeout in milliseconds. */
const LIMIT_MS = 60_000;

/**
 * Controls the server in a container. It is the container's main process, so the container stops and starts with it.
 */
async function serverIn(id: string, url: string): Promise<ServerProcess> {
  const { getContainerRuntimeClient } = await importOptional('testcontainers', 'POSTGRES=container');
  const container = (await getContainerRuntimeClient()).container.getById(id);
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
