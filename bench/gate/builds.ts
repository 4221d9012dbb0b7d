import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import service from '../../service/proofload.config.ts';

const SLOW_DOWN = fileURLToPath(new URL('slow-down.ts', import.meta.url));

/**
 * Writes the contract of a build of the reference service that uses more processor time, and returns its folder.
 *
 * @param extraMs The time by endpoint, in milliseconds.
 */
export async function writeBuild(
  folder: string,
  name: string,
  extraMs: Readonly<Record<string, number>>,
): Promise<string> {
  const path = join(folder, name);
  await mkdir(path, { recursive: true });
  const byPath = Object.entries(extraMs).map(([endpoint, ms]) => [beginningOf(endpoint), ms] as const);
  // The longest first, because one path may be the beginning of another.
  const sorted = byPath.sort(([a], [b]) => b.length - a.length);
  const { command, ...start } = service.start;
  const [node, ...rest] = command;
  const contract = {
    ...service,
    start: { ...start, command: [node, '--import', SLOW_DOWN, ...rest] },
    environment: { ...service.environment, BENCH_EXTRA_MS: JSON.stringify(Object.fromEntries(sorted)) },
  };
  // In the format of JSON, which is YAML as well.
  await writeFile(join(path, CONTRACT), JSON.stringify(contract));
  return path;
}

/** The name of the contract in a build's folder. */
export const CONTRACT = 'proofload.yaml';

/** Returns the beginning of an endpoint's path, up to a placeholder. */
function beginningOf(endpoint: string): string {
  const { path } = service.endpoints[endpoint as keyof typeof service.endpoints];
  return path.replace(/\$\{.*/, '');
}
