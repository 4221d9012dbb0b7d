import { join, resolve } from 'node:path';
import { ProcessFailure } from '../../harness/base/errors.ts';
import { keepLast } from '../../harness/base/keep-last.ts';
import { ROOT } from '../../harness/commands/options.ts';
import { Child } from '../../harness/process/child.ts';
import type { Reaper } from '../../harness/process/reaper.ts';
import { type PastRun, readRun } from '../../harness/report/run-folder.ts';
import { startRedis } from './redis-server.ts';
import type { Service } from './services.ts';

export interface SuitesOptions {
  /** `prove` also runs them with wire mutants. */
  readonly command: 'run' | 'prove';
  readonly scenarios: readonly string[];
  /** The folder for the service's results. */
  readonly results: string;
  readonly signal: AbortSignal;
  readonly reaper: Reaper;
  /** Called with each line of output. */
  onLine?(line: string): void;
}

/** How long an interrupted run may need to heal faults and to end its processes, in milliseconds. */
const GRACE_MS = 60_000;

/** How many lines of output belong to an error. */
const LINES_KEPT = 20;

/**
 * Runs a service's suites once, as users do: by the command line with its defaults.
 *
 * @returns The run, or undefined if `signal` was aborted.
 * @throws ProcessFailure if the command did not run the suites to their end for another reason
 */
export async function runSuites(service: Service, options: SuitesOptions): Promise<PastRun | undefined> {
  await using redis = service.redis ? await startRedis() : undefined;
  const before = await latest(options.results);
  const output: string[] = [];
  const child = await Child.start({
    command: [process.execPath, join(ROOT, 'harness/cli.ts'), options.command, ...options.scenarios],
    cwd: ROOT,
    environment: {
      ...(process.env as Record<string, string>),
      ...(redis && { REDIS_URL: `redis://127.0.0.1:${redis.port}` }),
      CONTRACT: service.contract,
      RESULTS: resolve(options.results),
      KEEP: 'all',
      REPORTER: 'line',
    },
    onLine: (line) => {
      keepLast(output, line, LINES_KEPT);
      options.onLine?.(line);
    },
    reaper: options.reaper,
  });
  const stop = () => void child.stop(GRACE_MS, 'SIGINT');
  options.signal.addEventListener('abort', stop);
  if (options.signal.aborted) stop();
  const { code } = await child.exited;
  options.signal.removeEventListener('abort', stop);
  if (options.signal.aborted) return undefined;
  const run = await latest(options.results);
  if (run && run.folder !== before?.folder && run.result.stopped === undefined) return run;
  throw new ProcessFailure(`the suites of ${service.name} ended early, with exit code ${code}`, output);
}

const latest = (results: string): Promise<PastRun | undefined> => readRun(results).catch(() => undefined);
