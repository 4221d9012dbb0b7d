import Opossum from 'opossum';
import { type Clock, wholeSeconds } from '../base/clock.ts';
import { ServiceError } from '../base/errors.ts';
import { startTimeLimit } from '../base/time-limit.ts';
import { UPSTREAM_CALL, UPSTREAM_TITLE, type Upstream } from '../base/upstream.ts';
import { UpstreamError } from '../upstreams/upstream-error.ts';

export type BreakerState = 'closed' | 'open' | 'half_open' | 'disabled';

/** Guards the calls to one upstream. */
export interface CircuitBreaker {
  readonly state: BreakerState;
  /**
   * Calls the upstream, or fails immediately if the breaker is open.
   * @param name The name of the call in the log if it fails. Defaults to the specification's name for the upstream.
   * @throws ServiceError `llm_circuit_open` or `memory_circuit_open`, with the remaining seconds of the recovery
   * timeout
   */
  call<T>(upstreamCall: () => Promise<T>, name?: string): Promise<T>;
  /**
   * Returns the error that {@link call} would throw while the breaker is open, so that callers can skip work before a
   * call. Returns undefined while the breaker is half-open, because only the call itself determines which request makes
   * the trial.
   */
  refusal(): ServiceError | undefined;
  /** Stops the timers. */
  close(): void;
}

/**
 * A state change. `failures` is the number of consecutive failures that opened the breaker, without failed trials.
 * `failedCalls` has the names of the calls that failed since the last success.
 */
export interface BreakerTransition {
  readonly breaker: Upstream;
  readonly to: 'open' | 'half_open' | 'closed';
  readonly failures: number;
  readonly failedCalls?: readonly string[];
}

/**
 * A breaker's settings.
 *
 * - `failureThreshold` is how many consecutive failures open the breaker.
 * - `recoveryTimeoutMs` is the time from opening to the trial, at most 2^31-1.
 * - `callTimeoutMs` limits a call that ignores its own, shorter timeout, so that a hung trial can't keep the breaker
 *   half-open forever.
 */
export interface CircuitBreakerOptions {
  readonly upstream: Upstream;
  readonly failureThreshold: number;
  readonly recoveryTimeoutMs: number;
  readonly callTimeoutMs: number;
  readonly clock: Clock;
  readonly onTransition: (transition: BreakerTransition) => void;
}

type Circuit = Opossum<[upstreamCall: () => Promise<unknown>, name: string]>;

/**
 * Opens after `failureThreshold` consecutive failures. After the recovery timeout, exactly one trial is allowed. The
 * breaker closes if the trial succeeds, and opens for another full timeout if it fails. Errors that
 * do not count (see {@link UpstreamError}) and calls that the service itself rejects leave the count unchanged. If a
 * trial ends with one of these, it is inconclusive, and the next call is the trial.
 *
 * In opossum, any call that ends while the breaker is half-open decides its state, even a call that started before the
 * breaker opened. Therefore each recovery gets a new circuit: a call reports to the circuit in which it started, and
 * old circuits are shut down.
 */
export class OpossumBreaker implements CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #circuit: Circuit;
  #failures = 0;
  readonly #failedCalls = new Set<string>();
  #openedAt = 0;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
    this.#circuit = this.#createCircuit({ closed: true });
  }

  get state(): BreakerState {
    if (this.#circuit.closed) return 'closed';
    return this.#circuit.halfOpen ? 'half_open' : 'open';
  }

  async call<T>(upstreamCall: () => Promise<T>, name = UPSTREAM_CALL[this.#options.upstream]): Promise<T> {
    try {
      return (await this.#circuit.fire(upstreamCall, name)) as T;
    } catch (error) {
      throw error instanceof Error && Opossum.isOurError(error) ? this.#refuse() : error;
    }
  }

  refusal(): ServiceError | undefined {
    return this.state === 'open' ? this.#refuse() : undefined;
  }

  close(): void {
    this.#circuit.shutdown();
  }

  #refuse(): ServiceError {
    const { upstream, recoveryTimeoutMs, clock } = this.#options;
    const retryAfterSeconds = wholeSeconds(this.#openedAt + recoveryTimeoutMs - clock.now());
    const message = `The ${UPSTREAM_TITLE[upstream]} was not called: its circuit breaker is open.`;
    return new ServiceError(`${upstream}_circuit_open`, message, { retryAfterSeconds });
  }

  #createCircuit(state: { closed?: boolean; halfOpen?: boolean }): Circuit {
    const options: Opossum.Options<Parameters<Circuit['fire']>> & { state: object } = {
      state: { closed: false, ...state },
      // A call has its own limit, which looks for an answer once more.
      timeout: false,
      resetTimeout: this.#options.recoveryTimeoutMs,
      // This class counts consecutive failures itself. Infinity disables opossum's percentage rule.
      errorThresholdPercentage: Number.POSITIVE_INFINITY,
      errorFilter: isUncounted,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
    };
    const circuit: Circuit = new Opossum(
      (upstreamCall: () => Promise<unknown>, _name: string) => this.#run(circuit, upstreamCall),
      options,
    );
    circuit.on('success', (result) => {
      if (!circuit.closed || isUncounted(result)) return;
      this.#failures = 0;
      this.#failedCalls.clear();
    });
    circuit.on('failure', (_error, _latencyMs, [, name]) => this.#countFailure(circuit, name));
    circuit.on('open', () => {
      this.#openedAt = this.#options.clock.now();
      this.#announce('open');
    });
    circuit.on('halfOpen', () => {
      this.#replaceCircuit();
      this.#announce('half_open');
    });
    circuit.on('close', () => this.#announce('closed'));
    return circuit;
  }

  async #run(circuit: Circuit, upstreamCall: () => Promise<unknown>): Promise<unknown> {
    const { upstream, callTimeoutMs } = this.#options;
    const late = Promise.withResolvers<never>();
    const cancel = startTimeLimit(callTimeoutMs, () =>
      late.reject(new UpstreamError(upstream, `no answer within ${callTimeoutMs} ms`)),
    );
    try {
      return await Promise.race([upstreamCall(), late.promise]);
    } catch (error) {
      if (isUncounted(error) && circuit.halfOpen) this.#replaceCircuit();
      throw error;
    } finally {
      cancel();
    }
  }

  #replaceCircuit(): void {
    const retired = this.#circuit;
    this.#circuit = this.#createCircuit({ halfOpen: true });
    retired.shutdown();
  }

  #countFailure(circuit: Circuit, name: string): void {
    // A call that ends while the breaker is open started before it opened, and does not count.
    if (circuit.opened) return;
    this.#failedCalls.add(name);
    // A failed trial opens the breaker on its own.
    if (!circuit.closed) return;
    this.#failures += 1;
    if (this.#failures >= this.#options.failureThreshold) circuit.open();
  }

  #announce(to: BreakerTransition['to']): void {
    const failedCalls = [...this.#failedCalls];
    this.#options.onTransition({ breaker: this.#options.upstream, to, failures: this.#failures, failedCalls });
  }
}

/** Replaces a breaker if CIRCUIT_BREAKER_ENABLED is False. */
export const disabledBreaker: CircuitBreaker = {
  state: 'disabled',
  call: (upstreamCall) => upstreamCall(),
  refusal: () => undefined,
  close: () => {},
};

/**
 * Whether the outcome is a 4xx response or a rejection by the service itself. Neither says anything about the
 * upstream's health.
 */
function isUncounted(outcome: unknown): boolean {
  return outcome instanceof ServiceError && !(outcome instanceof UpstreamError && outcome.countsAsFailure);
}
