import type { RunnerTestCase } from 'vitest';
import { RunDelay } from '../../harness/watch/run-delay.ts';

/** How long this process may wait for a processor on a machine that is not busy, in milliseconds. */
const BUSY_MS = 20;

/** How often to wake up, in milliseconds: only a thread that runs can wait for a processor. */
const EVERY_MS = 10;

const MARK = 'INCONCLUSIVE: the machine was busy';

/**
 * Options of a test that depends on real time, such as the length of a pause. If it fails and this process has waited for a
 * processor meanwhile, it is measured again when no other test runs, once, and this is
 * printed. Prefer a test that can't fail on a busy machine: compare processor time, orders of events, or ratios.
 */
export const REAL_TIME = { retry: { count: 1, condition: new RegExp(MARK) } };

type Task = Pick<RunnerTestCase, 'id' | 'name' | 'result'>;

const watched = new Map<string, { waited(): number; end(): void }>();

const ofThisProcess = () => new RunDelay({ pids: () => [process.pid], threads: 'main' });

/**
 * Begins to watch how busy the machine is during a test.
 *
 * @param delay Tells how long this process has waited. Tests pass their own.
 */
export function watchBusyness({ id }: Task, delay: Pick<RunDelay, 'take'> & Disposable = ofThisProcess()): void {
  watched.get(id)?.end();
  delay.take();
  let waited = 0;
  const look = () => (waited += delay.take() ?? 0);
  const timer = setInterval(look, EVERY_MS).unref();
  const end = () => {
    clearInterval(timer);
    delay[Symbol.dispose]();
  };
  watched.set(id, { waited: look, end });
}

/** Notes at the end of a test that it has to be measured again, if it has. */
export function noteWhyAgain({ id, name, result }: Task): void {
  const watch = watched.get(id);
  if (!watch) return;
  const ms = watch.waited();
  watch.end();
  watched.delete(id);
  const error = result?.errors?.at(-1);
  if (result?.state !== 'fail' || !error || ms < BUSY_MS) return;
  const why = `${MARK}: the test waited ${ms.toFixed(0)} ms for a processor`;
  if (!result.retryCount) console.log(`${name} is measured again, alone, because it is ${why}. ${error.message}`);
  error.message += `\n${why}`;
}
