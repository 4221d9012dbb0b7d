import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { now } from '../base/clock.ts';
import type { HistoryEvent } from '../history/events.ts';
import { Child } from '../process/child.ts';
import type { Reaper } from '../process/reaper.ts';
import { watchRun } from '../watch/watch-run.ts';
import type { Parties } from '../watch/watch-starvation.ts';
import { ENGINE_ENVIRONMENT, type Engine } from './engine.ts';
import { recordLogLine } from './record-log-line.ts';

export interface ScriptJob {
  script: string;
  /** The folders that contain the script and everything that it imports. */
  sources: readonly string[];
  /** The folder for the engine's samples, summary and log. */
  folder: string;
  /** The content of the script's `__ENV`. */
  environment: Record<string, string>;
  /** The range of source addresses. VU n uses the n-th address. By default, the system chooses one. */
  localIps?: string;
  /** Whether to keep connections open for further requests. */
  keepsConnections: boolean;
  /** Milliseconds after which the engine is stopped. */
  limitMs: number;
  reaper: Reaper;
  /** The parties whose waiting time for a processor is recorded, in addition to the engine. */
  parties: Parties;
  /** Stops the engine early. The abort reason explains why. */
  signal: AbortSignal;
  record: (event: HistoryEvent) => void;
}

/** k6's default statistics of a Trend, and the number of its samples, which shows whether one is missing. */
const TREND_STATISTICS = 'avg,min,med,max,p(90),p(95),count';

/** The files that an engine writes. */
export interface ScriptFiles {
  /** k6's JSON lines. */
  samples: string;
  /** The data passed to `handleSummary`, which the script writes to the path in `__ENV.SUMMARY`. */
  summary: string;
}

/** Runs a script until it finishes or the job stops it. Records the errors that the engine logs, and how it ended. */
export async function runScript(engine: Engine, job: ScriptJob): Promise<ScriptFiles> {
  const files = { samples: join(job.folder, 'samples.json'), summary: join(job.folder, 'summary.json') };
  const name = `proofload-k6-${randomUUID()}`;
  // Use the environment, which only the same user can read. Every user on the machine can read arguments.
  const environment = { ...ENGINE_ENVIRONMENT, ...job.environment, SUMMARY: files.summary };
  const child = await Child.start({
    command: [...engine.command([...job.sources, job.folder], name, Object.keys(environment)), ...args(job, files)],
    environment: { ...withoutProxies(process.env), ...environment } as Record<string, string>,
    cwd: job.folder,
    reaper: job.reaper,
    onLine: (line) => recordLogLine(line, job.record),
  });
  // If the harness is killed, a container keeps running after the command that started it has exited.
  if (engine.name === 'docker') job.reaper.rememberContainer(name);
  // Processes in a container are not children of this process.
  const threads = engine.name === 'embedded' ? 'main' : 'all';
  const generator = { pids: () => [child.pid], threads } as const;
  const parties = engine.name === 'docker' ? job.parties : { ...job.parties, generator };
  using _ = watchRun(child.pid, parties, job.record);
  let why: string | undefined;
  const end = (reason: string) => {
    why ??= reason;
    child.stop();
  };
  const timer = setTimeout(() => end(`it did not finish within ${job.limitMs / 1_000} s`), job.limitMs);
  const onAbort = () => end(String(job.signal.reason));
  job.signal.addEventListener('abort', onAbort);
  if (job.signal.aborted) onAbort();
  const exit = await child.exited;
  clearTimeout(timer);
  if (engine.name === 'docker') job.reaper.forgetContainer(name);
  job.signal.removeEventListener('abort', onAbort);
  job.record({ type: 'engine', at: now(), event: 'ended', ...exit, ...(why !== undefined && { why }) });
  return files;
}

/** Removes proxy settings. The lab is on this machine, and a proxy would distort every measurement. */
const withoutProxies = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(https?|all|no)_proxy$/i.test(name)));

function args(job: ScriptJob, files: ScriptFiles): string[] {
  return [
    // Without --address, k6 1.x serves an API on loopback through which any user can pause or stop the test.
    'run',
    '--address=',
    '--quiet',
    '--no-color',
    '--log-format',
    'json',
    '--out',
    `json=${files.samples}`,
    `--summary-trend-stats=${TREND_STATISTICS}`,
    ...(job.localIps === undefined ? [] : ['--local-ips', job.localIps]),
    '--include-system-env-vars',
    ...(job.keepsConnections ? [] : ['--no-connection-reuse']),
    job.script,
  ];
}
