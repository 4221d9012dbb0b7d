import { Worker } from 'node:worker_threads';
import { EXIT_CODES } from '../base/exit-codes.ts';
import type { Logger } from '../base/logger.ts';
import { oncePerPress } from '../base/once-per-press.ts';
import type { Test } from '../vu/test.ts';

/** The signals that end a run, by number, with k6's names for them. */
const NAMES: Readonly<Record<number, string>> = { 2: 'interrupt', 15: 'terminated' };

/** How long a signal counts as the one before, in milliseconds. A person needs longer to press Ctrl-C twice. */
const SAME_PRESS = 100;

/** After a second signal, a thread that runs native code, such as a regular expression, is killed. In milliseconds. */
const KILL_AFTER = 1_000;

/** The cells of the memory that the watching thread writes to: the number of signals, the last one, and 1 if it runs. */
const [COUNT, LAST, RUNS] = [0, 1, 2];

/**
 * Node runs signal handlers on the main thread's event loop, which an endless loop blocks, and has no public API to
 * receive signals in another thread. libuv delivers them to all event loops, so its own binding does it.
 */
const WATCHER = `
const { parentPort, workerData: cells } = require('node:worker_threads');
const { Signal } = require('internal/test/binding').internalBinding('signal_wrap');
let last = -Infinity;
for (const number of [${Object.keys(NAMES)}]) {
  const signal = new Signal();
  signal.onsignal = () => {
    if (performance.now() - last < ${SAME_PRESS}) return;
    last = performance.now();
    Atomics.store(cells, ${LAST}, number);
    parentPort.postMessage(number);
    if (Atomics.add(cells, ${COUNT}, 1) === 0) return;
    setTimeout(() => {
      require('node:fs').writeSync(2, 'the script could not be interrupted, so the process is killed\\n');
      process.kill(process.pid, 'SIGKILL');
    }, ${KILL_AFTER});
  };
  signal.start(number);
}
Atomics.store(cells, ${RUNS}, 1);`;

/**
 * Handles signals as k6 does: the first one ends the test gracefully, a second one exits immediately. While the summary
 * is written, there is nothing left to end gracefully, so the first one exits. Call it before `patchProcess()`.
 *
 * @param test Returns the test, once it has been created.
 * @returns `stop` ends the test for another reason. `whileBusy` must be called from time to time while a script runs.
 */
export function handleSignals(
  logger: Logger,
  test: () => Test | undefined,
): { stop: (reason: string) => void; whileBusy: Test['whileBusy'] } {
  const exit = process.exit.bind(process);
  let handled = 0;
  const stop = (reason: string) => {
    const running = test();
    if (!running || running.state.isOver || handled > 1) {
      logger.log('error', reason);
      exit(EXIT_CODES.stoppedBySignal);
    } else running.state.abort({ message: reason, exitCode: EXIT_CODES.stoppedBySignal });
  };
  /** @param count The number of signals so far. The event loop and the watching thread may report the same one. */
  const handle = (count: number, signal: number) => {
    if (count <= handled) return;
    handled = count;
    stop(`test run was aborted because the engine received a '${NAMES[signal]}' signal`);
  };
  let received = 0;
  const receive = oncePerPress((_: NodeJS.Signals, signal: number) => {
    received += 1;
    handle(received, signal);
  }, SAME_PRESS);
  const listen = (method: 'on' | 'off') => {
    for (const name of ['SIGINT', 'SIGTERM']) process[method](name, receive);
  };
  listen('on');
  return { stop, whileBusy: watchWhileBlocked(() => handled, handle, listen) };
}

/**
 * Watches for signals from another thread, which starts when a script blocks the event loop for the first time. Until
 * it runs, a signal ends the process at once, because it could be handled only after the loop.
 *
 * @param handled Returns the number of signals so far.
 * @param listen Adds or removes the event loop's own handlers.
 * @returns A function that is called about every 10 ms while a VU's code runs.
 */
function watchWhileBlocked(
  handled: () => number,
  handle: (count: number, signal: number) => void,
  listen: (method: 'on' | 'off') => void,
): Test['whileBusy'] {
  const cells = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
  let watcher: Worker | null = null;
  let busy: object | null = null;
  let isListening = true;
  const hear = (isHeard: boolean) => {
    if (isHeard !== isListening) listen(isHeard ? 'on' : 'off');
    isListening = isHeard;
  };
  const read = () => handle(Atomics.load(cells, COUNT), Atomics.load(cells, LAST));
  const watch = () => {
    Atomics.store(cells, COUNT, handled());
    const execArgv = ['--expose-internals', '--no-warnings'];
    watcher = new Worker(WATCHER, { eval: true, workerData: cells, env: {}, execArgv });
    watcher.on('message', read).on('error', () => {});
    watcher.unref();
  };
  // The lab kills its engine itself. Elsewhere, nothing else can end a script that runs native code, such as a regular
  // expression, from its beginning.
  if (process.env.PROOFLOAD_PROCESS === undefined) watch();
  return (limit) => {
    if (watcher) {
      if (Atomics.load(cells, RUNS) === 1) hear(true);
      read();
    } else if (busy !== limit) {
      // Other VUs may have run since, but not this one: it goes on without a turn of the event loop.
      if (busy === null)
        setImmediate(() => {
          busy = null;
        });
      busy = limit;
    } else {
      hear(false);
      setImmediate(hear, true);
      watch();
    }
  };
}
