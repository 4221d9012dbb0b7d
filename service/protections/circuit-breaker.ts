import Opossum from 'opossum';
import { type Clock, wholeSeconds } from '../base/clock.ts';
import { ServiceError } from '../base/errors.ts';
import { UPSTREAM_TITLE, type Upstream } from '../base/upstream.ts';
import { UpstreamError } from '../upstreams/upstream-error.ts';

export type BreakerState = 'closed' | 'open' | 'half_open' | 'disabled';

/** Guards the calls to one upstream. */
export interface CircuitBreaker {
  readonly state: BreakerState;
  /**
   * Calls the upstream, or refuses at once while it is considered down.
   * @throws ServiceError `llm_circuit_open` or `memory_circuit_open`, with the seconds left of the recovery timeout
   */
  call<T>(upstreamCall: () => Promise<T>): Promise<T>;
  /**
   * What {@link call} refuses with, while it is open: for what would be done in vain before a call. None while half-open: who
   * makes the trial is decided by the call.
   */
  refusal(): ServiceError | undefined;
  /** Ends the timers. */
  close(): void;
}

/** One change of state. `failures`: how many calls in a row have failed by then. */
export interface BreakerTransition {
  readonly breaker: Upstream;
  readonly to: 'open' | 'half_open' | 'closed';
  readonly failures: number;
}

/**
 * How a breaker behaves (specification R4). `failureThreshold`: failures in a row that open it.
 * `recoveryTimeoutMs`: how long it stays open before a trial; at most 2^31-1. `callTimeoutMs`: when a call that ignores
 * its own, shorter, timeout is given up, so that a hung trial can't hold the breaker half-open for ever.
 */
export interface CircuitBreakerOptions {
  readonly upstream: Upstream;
  readonly failureThreshold: number;
  readonly recoveryTimeoutMs: number;
  readonly callTimeoutMs: number;
  readonly clock: Clock;
  readonly onTransition: (transition: BreakerTransition) => void;
}

type Circuit = Opossum<[() => Promise<unknown>]>;

/**
 * Opens after `failureThreshold` failures in a row, lets exactly one trial through after the recovery timeout, closes if
 * it succeeds and opens for a whole timeout again if it fails (specification R4). A failure that does not count (see
 * {@link UpstreamError}), or a refusal of the service's own, neither adds to the row nor ends it; as a trial it decides nothing, and the next call is the trial.
 *
 * opossum lets any call that ends while half-open decide, also one that began before the breaker opened. So every
 * recovery gets a circuit of its own: a call reports to the circuit it began in, and a retired one is shut down.
 */
export class OpossumBreaker implements CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #circuit: Circuit;
  #failures = 0;
  #openedAt = 0;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
    this.#circuit = this.#createCircuit({ closed: true });
  }

  get state(): BreakerState {
    if (this.#circuit.closed) return 'closed';
    return this.#circuit.halfOpen ? 'half_open' : 'open';
  }

  async call<T>(upstreamCall: () => Promise<T>): Promise<T> {
    try {
      return (await this.#circuit.fire(upstreamCall)) as T;
    } catch (error) {
      throw error instanceof Error && Opossum.isOurError(error) ? this.#explain(error) : error;
    }
  }

  refusal(): ServiceError | undefined {
    return this.state === 'open' ? this.#refuse() : undefined;
  }

  close(): void {
    this.#circuit.shutdown();
  }

  #explain(error: Error & { code?: string }): ServiceError {
    const { upstream, callTimeoutMs } = this.#options;
    if (error.code === 'ETIMEDOUT') return new UpstreamError(upstream, `no answer within ${callTimeoutMs} ms`);
    return this.#refuse();
  }

  #refuse(): ServiceError {
    const { upstream, recoveryTimeoutMs, clock } = this.#options;
    const retryAfterSeconds = wholeSeconds(this.#openedAt + recoveryTimeoutMs - clock.now());
    const message = `The ${UPSTREAM_TITLE[upstream]} is not called: its circuit breaker is open.`;
    return new ServiceError(`${upstream}_circuit_open`, message, { retryAfterSeconds });
  }

  #createCircuit(state: { closed?: boolean; halfOpen?: boolean }): Circuit {
    const options: Opossum.Options<Parameters<Circuit['fire']>> & { state: object } = {
      state: { closed: false, ...state },
      timeout: this.#options.callTimeoutMs,
      resetTimeout: this.#options.recoveryTimeoutMs,
      // "In a row" is not a percentage of a window: the count is kept here, and this switches opossum's own rule off.
      errorThresholdPercentage: Number.POSITIVE_INFINITY,
      errorFilter: isUncounted,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
    };
    const circuit: Circuit = new Opossum(
      (upstreamCall: () => Promise<unknown>) => this.#run(circuit, upstreamCall),
      options,
    );
    circuit.on('success', (result) => {
      if (circuit.closed && !isUncounted(result)) this.#failures = 0;
    });
    circuit.on('failure', () => this.#countFailure(circuit));
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
    try {
      return await upstreamCall();
    } catch (error) {
      if (isUncounted(error) && circuit.halfOpen) this.#replaceCircuit();
      throw error;
    }
  }

  #replaceCircuit(): void {
    const retired = this.#circuit;
    this.#circuit = this.#createCircuit({ halfOpen: true });
    retired.shutdown();
  }

  #countFailure(circuit: Circuit): void {
    // While it is open, what ends is a call from before: it was not part of the row that opened it.
    if (circuit.opened) return;
    this.#failures += 1;
    if (circuit.closed && this.#failures >= this.#options.failureThreshold) circuit.open();
  }

  #announce(to: BreakerTransition['to']): void {
    this.#options.onTransition({ breaker: this.#options.upstream, to, failures: this.#failures });
  }
}

/** Calls straight through: what `CIRCUIT_BREAKER_ENABLED=False` puts in a breaker's place. */
export const disabledBreaker: CircuitBreaker = {
  state: 'disabled',
  call: (upstreamCall) => upstreamCall(),
  refusal: () => undefined,
  close: () => {},
};

/** An answer that blames the request, or a refusal of the service's own: neither speaks of the upstream's health. */
function isUncounted(outcome: unknown): boolean {
  return outcome instanceof ServiceError && !(outcome instanceof UpstreamError && outcome.countsAsFailure);
}
