import type { Stage, Worker } from './stage.ts';

/**
 * The time in which a scenario begins iterations, and the time after it in which it lets them finish: then, or when
 * the test is aborted, those that are left are interrupted.
 */
export class Window {
  readonly #workers = new Set<Worker>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #onClose = new Set<() => void>();
  readonly #signal: AbortSignal;
  readonly #closeAt: number;
  readonly #cutAt: number;
  #isOpen = true;

  /** Opens now. Both times in milliseconds. */
  constructor(stage: Stage, duration: number, gracefulStop: number) {
    this.#signal = stage.signal;
    this.#closeAt = performance.now() + duration;
    this.#cutAt = this.#closeAt + gracefulStop;
    this.#timers.push(setTimeout(this.#close, duration), setTimeout(this.#cut, duration + gracefulStop));
    if (stage.signal.aborted) this.#cut();
    else stage.signal.addEventListener('abort', this.#cut, { once: true });
  }

  /** Whether iterations may begin. */
  get isOpen(): boolean {
    // A script that never lets go of the thread keeps the timer from closing it.
    return this.#isOpen && performance.now() < this.#closeAt;
  }

  /** Whether the test ended before the scenario did: nothing counts as dropped then. */
  get wasAborted(): boolean {
    return this.#signal.aborted;
  }

  /** Has a worker interrupted when time is over. */
  watch(worker: Worker): void {
    this.#workers.add(worker);
    worker.endBy(this.#cutAt);
  }

  /** Calls back once iterations may begin no more; at once where that is so. */
  onClose(callback: () => void): void {
    if (this.#isOpen) this.#onClose.add(callback);
    else callback();
  }

  /** To be called when the last iteration has ended. */
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
