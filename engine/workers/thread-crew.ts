import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { deferred } from '../base/deferred.ts';
import { EngineError } from '../base/errors.ts';
import type { ScriptExports } from '../base/script-exports.ts';
import type { Flags } from '../options/flags.ts';
import type { SampleOutput } from '../output/json-output.ts';
import type { Crew } from '../run/crew.ts';
import type { Test } from '../vu/test.ts';
import { mergeMetrics } from './exchange-metrics.ts';
import type { Assignment, FromThread, ToThread } from './messages.ts';

/**
 * Creates a crew that divides its VUs among threads, the way execution segments divide them among instances: each VU,
 * iteration and arrival belongs to one thread. The main thread runs setup and teardown, merges the data of the other
 * threads, evaluates thresholds and writes outputs.
 *
 * @throws EngineError WORKERS_REFUSED for an option that can't be divided
 */
export function createThreadCrew(test: Test, flags: Flags, exports: ScriptExports, outputs: SampleOutput[]): Crew {
  const refuse = (what: string): never => {
    throw new EngineError('WORKERS_REFUSED', `--workers ${flags.workers}: ${what}`);
  };
  if (test.options.rps > 0) refuse("the option 'rps' can't be kept by several threads; leave one of both out");
  if (flags.script === '-') refuse('several threads need a script in a file');
  const threads = Array.from(
    { length: flags.workers },
    (_, index) => new Thread(assignmentOf(index, test, flags, exports, outputs), test, outputs),
  );
  const abort = () => {
    for (const thread of threads) thread.send({ type: 'abort' });
  };
  const end = async () => {
    await Promise.all(threads.map((thread) => thread.end()));
  };
  test.state.signal.addEventListener('abort', abort);
  return {
    async prepare() {
      await all(threads.map(({ ready }) => ready)).catch(async (error: unknown) => {
        await end();
        throw error;
      });
    },
    async run(setupData) {
      for (const thread of threads) thread.send({ type: 'run', setupData, elapsed: test.elapsed });
      if (test.state.signal.aborted) abort();
      await all(threads.map(({ done }) => done));
    },
    close: end,
  };
}

/** The module of a thread. It is TypeScript unless this is a bundle. */
const THREAD = new URL(`thread${extname(import.meta.filename)}`, import.meta.url);

/** Waits for all threads even if one fails, because terminating a busy thread may crash the process. */
async function all(promises: readonly Promise<void>[]): Promise<void> {
  const settled = await Promise.allSettled(promises);
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

function assignmentOf(
  index: number,
  test: Test,
  flags: Flags,
  exports: ScriptExports,
  outputs: SampleOutput[],
): Assignment {
  return {
    index,
    parts: flags.workers,
    flags,
    // Functions in the options can't be sent to a thread and are not used there.
    options: JSON.parse(JSON.stringify(exports.options ?? {})),
    functions: Object.keys(exports).filter((name) => typeof exports[name] === 'function'),
    metrics: [...test.registry].map(({ name, type, contains }) => ({ name, type, contains })),
    loaded: test.loaded,
    sharedArrays: test.sharedArrays,
    counts: test.counts.memory,
    scenarioCounts: new Map([...test.scenarioCounts].map(([name, { memory }]) => [name, memory])),
    sendsSamples: outputs.length > 0,
  };
}

/** A worker thread as seen by the main thread. */
class Thread {
  /** Resolves when the thread has created its VUs. Like `done`, it rejects if the thread fails first. */
  readonly ready: Promise<void>;
  /** Resolves when the thread's last iteration has finished and all of its data has been merged. */
  readonly done: Promise<void>;
  readonly #worker: Worker;
  #isEnding = false;

  constructor(assignment: Assignment, test: Test, outputs: SampleOutput[]) {
    // A thread reads NODE_OPTIONS, in which an installed package names its loader, only if it gets an environment.
    const env = { ...process.env };
    this.#worker = new Worker(THREAD, { workerData: assignment, env });
    const ready = deferred<void>();
    const done = deferred<void>();
    this.ready = ready.promise;
    this.done = done.promise;
    // The caller handles the rejection.
    this.ready.catch(() => {});
    this.done.catch(() => {});
    const fail = (error: EngineError) => {
      ready.reject(error);
      done.reject(error);
      // The other threads must not continue with only part of the test.
      if (!this.#isEnding) test.state.abort({ message: error.message, exitCode: error.exitCode });
    };
    const ended = (why: string) => fail(new EngineError('WORKER_ENDED', `a thread ended${why}`));
    this.#worker.on('error', (error: Error) => ended(`: ${error.message}`));
    this.#worker.on('exit', () => ended(''));
    this.#worker.on('message', (message: FromThread) => {
      switch (message.type) {
        case 'ready':
          return ready.resolve();
        case 'failed':
          return fail(new EngineError(message.code, message.message, message.exitCode));
        case 'log':
          return test.logger.log(message.level, message.message, message.details);
        case 'abort':
          return test.state.abort(message.reason);
        case 'metrics':
          return mergeMetrics(test.registry, message.metrics);
        case 'samples':
          return writeSamples(message.samples, test, outputs);
        case 'done':
          test.rootGroup.merge(message.groups);
          test.checks.merge(message.checks);
          if (message.markedAsFailed) test.state.markedAsFailed = true;
          return done.resolve();
      }
    });
  }

  send(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#worker.terminate();
  }
}

function writeSamples(
  samples: Extract<FromThread, { type: 'samples' }>['samples'],
  { registry }: Test,
  outputs: readonly SampleOutput[],
): void {
  for (const [name, time, value, tags, metadata] of samples) {
    const metric = registry.get(name);
    if (!metric) continue;
    for (const output of outputs) output.add({ metric, time, value, tags, metadata });
  }
}
