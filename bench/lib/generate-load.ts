import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Load, LoadResult } from './load.ts';

const GENERATOR = fileURLToPath(new URL('generator.ts', import.meta.url));

/**
 * Generates load on a server from a separate process.
 *
 * @throws Error if the generator failed or a response had an unexpected status
 */
export async function generateLoad(load: Load, expected: readonly number[]): Promise<LoadResult> {
  const child = spawn(process.execPath, [GENERATOR], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(load));
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`the load generator ended with ${code}`);
  const result = JSON.parse(output) as LoadResult;
  const others = Object.keys(result.statuses).filter((status) => !expected.includes(Number(status)));
  if (others.length > 0 || result.answered === 0) {
    const { method, path } = load.shot;
    throw new Error(`${method} ${path} was to answer ${expected.join(' or ')}: ${JSON.stringify(result.statuses)}`);
  }
  return result;
}
