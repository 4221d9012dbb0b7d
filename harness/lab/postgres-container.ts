import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Postgres } from './postgres.ts';
import type { Reaper } from './reaper.ts';

/** Where a container engine may answer, or undefined where nothing on this machine looks like one. */
export function engineHint(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  if (environment.DOCKER_HOST) return environment.DOCKER_HOST;
  const sockets = [
    '/var/run/docker.sock',
    join(environment.XDG_RUNTIME_DIR ?? '/run/user/0', 'docker.sock'),
    join(homedir(), '.docker', 'run', 'docker.sock'),
    join(environment.XDG_RUNTIME_DIR ?? '/run/user/0', 'podman', 'podman.sock'),
  ];
  return sockets.find((path) => existsSync(path));
}

/**
 * Starts PostgreSQL in a container, from the image that `POSTGRES_IMAGE` names (postgres:17).
 *
 * @throws Testcontainers' own error where no engine answers or the image can't be had.
 */
export async function startContainer(reaper: Reaper): Promise<Postgres> {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const image = process.env.POSTGRES_IMAGE ?? 'postgres:17';
  const container = await new PostgreSqlContainer(image)
    .withDatabase('postgres')
    .withUsername('proofload')
    .withPassword('proofload')
    .withCommand(['postgres', '-c', 'fsync=off'])
    .start();
  reaper.rememberContainer(container.getId());
  return {
    description: `PostgreSQL in a container (${image})`,
    adminUrl: container.getConnectionUri(),
    [Symbol.asyncDispose]: async () => {
      await container.stop();
      reaper.forgetContainer(container.getId());
    },
  };
}
