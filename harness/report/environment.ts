import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { arch, availableParallelism, release, totalmem, type } from 'node:os';
import { promisify } from 'node:util';
import type { RunResult } from '../verdict/run-result.ts';

const run = promisify(execFile);

/** Describes a run's environment: versions, the machine, and the working folder's git commit. */
export async function describeEnvironment(): Promise<RunResult['environment']> {
  const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  return {
    proofload: manifest.version,
    node: process.version,
    os: `${type()} ${release()} ${arch()}`,
    cpus: availableParallelism(),
    memoryBytes: totalmem(),
    commit: await commit(),
  };
}

/** Returns null if git is not available or the folder is not in a repository. */
async function commit(): Promise<RunResult['environment']['commit']> {
  try {
    const { stdout: id } = await run('git', ['rev-parse', 'HEAD']);
    const { stdout: changes } = await run('git', ['status', '--porcelain', '--untracked-files=no']);
    return { id: id.trim(), changed: changes.trim() !== '' };
  } catch {
    return null;
  }
}
