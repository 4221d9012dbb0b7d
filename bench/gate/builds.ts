import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import service from '../../service/proofload.config.ts';

const SLOW_DOWN = fileURLToPath(new URL('slow-down.ts', import.meta.url));

/** In which ways a build is slow. Times by endpoint are in milliseconds. */
export interface Slowness {
  /** Processor time that each request uses in addition. */
  readonly extraMs?: Readonly<Record<string, number>>;
  /** By how much every 50th request of an endpoint takes longer. */
  readonly tailMs?: Readonly<Record<string, number>>;
  /** How long a request holds a mutex, unless it is served earlier. */
  readonly mutexMs?: number;
  /** The connections in the database pool. */
  readonly pool?: number;
  /** Whether each call to an upstream opens a connection. */
  readonly closesConnections?: boolean;
  /** How many bytes each request leaks, and how many more the service uses. */
  readonly leakedBytes?: number;
  readonly bytes?: number;
}

/** Writes the contract of a slow build of the reference service, and returns its folder. */
export async function writeBuild(folder: string, name: string, slowness: Slowness): Promise<string> {
  const path = join(folder, name);
  await mkdir(path, { recursive: true });
  const { command, ...start } = service.start;
  const [node, ...rest] = command;
  const { fast } = service.profiles;
  const pool = slowness.pool === undefined ? {} : { DATABASE_POOL_MAX: String(slowness.pool) };
  const { extraMs, tailMs } = slowness;
  const byPath = {
    ...slowness,
    ...(extraMs && { extraMs: ofPaths(extraMs) }),
    ...(tailMs && { tailMs: ofPaths(tailMs) }),
  };
  const contract = {
    ...service,
    start: { ...start, command: [node, '--import', SLOW_DOWN, ...rest] },
    environment: { ...service.environment, BENCH_BUILD: name, BENCH_SLOWNESS: JSON.stringify(byPath) },
    profiles: { fast: { ...fast, environment: { ...fast.environment, ...pool } } },
  };
  // In the format of JSON, which is YAML as well.
  await writeFile(join(path, CONTRACT), JSON.stringify(contract));
  return path;
}

/** The name of the contract in a build's folder. */
export const CONTRACT = 'proofload.yaml';

/** Returns figures by the beginning of each endpoint's path, up to a placeholder. */
function ofPaths(byEndpoint: Readonly<Record<string, number>>): Record<string, number> {
  const byPath = Object.entries(byEndpoint).map(([endpoint, ms]) => {
    const { path } = service.endpoints[endpoint as keyof typeof service.endpoints];
    return [path.replace(/\$\{.*/, ''), ms] as const;
  });
  // The longest first, because one path may be the beginning of another.
  return Object.fromEntries(byPath.sort(([a], [b]) => b.length - a.length));
}
