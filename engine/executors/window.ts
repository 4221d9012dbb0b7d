import type { ScenarioConfig } from './plan.ts';
import type { Stage, Worker } from './stage.ts';

/**
 * The period in which a scenario starts iterations, followed by a grace period in which they can finish. Iterations
 * that are still running when the grace period ends or the test is aborted are interrupted.
 */
export class Window {
  readonly #workers = new Set<Worker>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #onClose = new Set<() => void>();
  readonly #signal: AbortSignal;
  readonly #closeAt: number;
  readonly #cutAt: number;
  #isOpen = true;

  /** Opens the window immediately. Both times are in milliseconds. */
  constructor(stage: Stage, duration: number, gracefulStop: number) {
    this.#signal = stage.signal;
    this.#closeAt = performance.now() + duration;
    this.#cutAt = this.#closeAt + gracefulStop;
    this.#timers.push(setTimeout(this.#close, duration), setTimeout(this.#cut, duration + gracefulStop));
    if (stage.signal.aborted) this.#cut();
    else stage.signal.addEventListener('abort', this.#cut, { once: true });
  }

  /** Whether iterations may start. */
  get isOpen(): boolean {
    // A timer can't fire while a script blocks the thread, so check the time as well.
    return this.#isOpen && performance.now() < this.#closeAt;
  }

  /** Interrupts the worker when the grace period ends. */
  watch(worker: Worker): void {
    this.#workers.add(worker);
    worker.endBy(this.#cutAt);
  }

  /** Calls back when no more iterations may start, or immediately if the window is already closed. */
  onClose(callback: () => void): void {
    if (this.#isOpen) this.#onClose.add(callback);
    else callback();
  }

  /** Releases timers and listeners. Call it after the last iteration has finished. */
  dispose(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#signal.removeEventListener('abort', this.#cut);
    this.#close();
  }

  readonly #close = (): void => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const callback of this.#onClose) callback();
  };

  readonly #cut = (): void => {
    this.#close();
    for (const worker of this.#workers) worker.interrupt();
  };
}

/**
 * Uses several VUs of a scenario at the same time, within a window that opens now.
 *
 * @param duration How long iterations may start, in milliseconds.
 * @param use Runs iterations on one VU, which is given back afterwards.
 */
export async function useWithin(
  stage: Stage,
  vus: number,
  { duration, gracefulStop }: Pick<ScenarioConfig, 'gracefulStop'> & { readonly duration: number },
  use: (worker: Worker, window: Window) => Promise<void>,
): Promise<void> {
  const window = new Window(stage, duration, gracefulStop);
  const workers = stage.take(vus).map(async (worker) => {
    window.watch(worker);
    await use(worker, window);
    stage.give(worker);
  });
  await Promise.all(workers);
  window.dispose();
}
