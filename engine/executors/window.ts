import { deferred } from '../base/deferred.ts';
import type { ScenarioConfig } from './plan.ts';
import type { Stage, Worker } from './stage.ts';

/**
 * The period in which a scenario starts iterations, followed by a grace period in which they can finish. Iterations
 * that are still running when the grace period ends or the test is aborted are interrupted.
 */
export class Window {
  readonly #stage: Stage;
  readonly #workers = new Set<Worker>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #closed = deferred<void>();
  readonly #begun = performance.now();
  readonly #closeAt: number;
  readonly #cutAt: number;
  #isOpen = true;

  /** Opens the window immediately. Both times are in milliseconds. */
  constructor(stage: Stage, duration: number, gracefulStop: number) {
    this.#stage = stage;
    this.#closeAt = this.#begun + duration;
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

  /** Resolves when no more iterations may start. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Milliseconds since the window was opened. */
  get elapsed(): number {
    return performance.now() - this.#begun;
  }

  /** Interrupts the worker when the grace period ends. */
  watch(worker: Worker): void {
    this.#workers.add(worker);
    worker.endBy(this.#cutAt);
  }

  /** Takes a VU, which is active and watched until the action has finished with it. */
  async use(action: (worker: Worker) => Promise<void>): Promise<void> {
    const worker = await this.#stage.take();
    this.#stage.activate(1);
    this.watch(worker);
    await action(worker);
    this.#workers.delete(worker);
    this.#stage.activate(-1);
    this.#stage.give(worker);
  }

  /** Releases timers and listeners. Call it after the last iteration has finished. */
  dispose(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#stage.signal.removeEventListener('abort', this.#cut);
    this.#close();
  }

  readonly #close = (): void => {
    this.#isOpen = false;
    this.#closed.resolve();
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
  await Promise.all(Array.from({ length: vus }, () => window.use((worker) => use(worker, window))));
  window.dispose();
}
