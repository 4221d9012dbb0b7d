import { wholeSeconds } from '../../service/base/clock.ts';
import { ServiceError } from '../../service/base/errors.ts';
import type { Upstream } from '../../service/base/upstream.ts';
import type { Dependencies } from '../../service/dependencies/dependencies.ts';
import type { BreakerSettings } from '../../service/protections/breakers.ts';
import { logTransition } from '../../service/protections/breakers.ts';
import type { BreakerState, BreakerTransition, CircuitBreaker } from '../../service/protections/circuit-breaker.ts';
import { UpstreamError } from '../../service/upstreams/upstream-error.ts';
import { withParts } from './run-with.ts';

/** A correct circuit breaker in simple steps, so that a defect can override a single one of them. */
export class PlainBreaker implements CircuitBreaker {
  state: BreakerState = 'closed';
  protected failures = 0;
  protected openedAt = 0;
  protected trialUnderWay = false;
  protected readonly settings: BreakerSettings;
  readonly #upstream: Upstream;
  readonly #parts: Dependencies;

  constructor(upstream: Upstream, parts: Dependencies, settings: BreakerSettings) {
    this.#upstream = upstream;
    this.#parts = parts;
    this.settings = settings;
  }

  async call<T>(upstreamCall: () => Promise<T>): Promise<T> {
    if (this.state === 'open' && Date.now() >= this.#opensAgainAt) this.enter('half_open');
    if (!this.admits()) throw this.refuse();
    const began = this.state;
    this.trialUnderWay = began === 'half_open';
    try {
      const result = await upstreamCall();
      if (!this.isStale(began)) this.succeeded(began);
      return result;
    } catch (error) {
      const counts = error instanceof UpstreamError && error.countsAsFailure;
      if (counts && !this.isStale(began)) this.failed(began, error);
      if (!counts && !this.isStale(began)) this.passedOver(began);
      throw error;
    }
  }

  refusal(): ServiceError | undefined {
    if (this.state !== 'open' || Date.now() >= this.#opensAgainAt || this.admits()) return undefined;
    return this.refuse();
  }

  close(): void {}

  get #opensAgainAt(): number {
    return this.openedAt + this.settings.recoveryTimeoutMs;
  }

  protected refuse(): ServiceError {
    const retryAfterSeconds = wholeSeconds(this.#opensAgainAt - Date.now());
    return new ServiceError(`${this.#upstream}_circuit_open`, 'The circuit breaker is open.', { retryAfterSeconds });
  }

  protected admits(): boolean {
    return this.state === 'closed' || (this.state === 'half_open' && !this.trialUnderWay);
  }

  /** Whether a call that began in this state must no longer have any effect. */
  protected isStale(began: BreakerState): boolean {
    return began !== this.state;
  }

  protected succeeded(began: BreakerState): void {
    this.failures = 0;
    if (began === 'half_open') this.enter('closed');
  }

  /** Ignores a result that says nothing about the upstream. The next call is another trial. */
  protected passedOver(began: BreakerState): void {
    if (began === 'half_open') this.trialUnderWay = false;
  }

  protected failed(began: BreakerState, _error?: unknown): void {
    if (began === 'closed') {
      this.failures += 1;
      if (this.failures < this.settings.failureThreshold) return;
    }
    this.openedAt = Date.now();
    this.enter('open');
  }

  protected enter(to: BreakerTransition['to']): void {
    this.state = to;
    this.trialUnderWay = false;
    this.announce({ breaker: this.#upstream, to, failures: this.failures });
  }

  protected announce(transition: BreakerTransition): void {
    logTransition(this.#parts.logger, this.settings.recoveryTimeoutMs, transition);
    if (transition.to === 'open') this.#parts.metrics.breakerOpenings.inc({ breaker: transition.breaker });
  }
}

/** Returns a function that runs the reference service with this breaker for the LLM. */
export const withLlmBreaker = (Breaker: typeof PlainBreaker) =>
  withParts((parts, { breakers }) => ({
    breakers: { ...parts.breakers, llm: new Breaker('llm', parts, breakers) },
  }));
