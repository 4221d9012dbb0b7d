/** Defect: half-open is computed when the breaker is asked, as some libraries do, so that every caller is a trial. */

import { ServiceError } from '../../service/errors.ts';
import type { CircuitBreaker } from '../../service/protections/circuit-breaker.ts';
import { runWithParts } from './run-with.ts';

class UngatedBreaker implements CircuitBreaker {
  #failures = 0;
  #openUntil = 0;

  get state() {
    if (this.#openUntil === 0) return 'closed';
    return Date.now() < this.#openUntil ? 'open' : 'half_open';
  }

  async call<T>(upstreamCall: () => Promise<T>): Promise<T> {
    if (this.state === 'open') throw new ServiceError('llm_circuit_open', 'open', { retryAfterSeconds: 1 });
    try {
      const result = await upstreamCall();
      this.#failures = 0;
      this.#openUntil = 0;
      return result;
    } catch (error) {
      this.#failures += 1;
      const recoveryMs = Number(process.env.CIRCUIT_BREAKER_RECOVERY_TIMEOUT) * 1_000;
      if (this.#failures >= 5) this.#openUntil = Date.now() + recoveryMs;
      throw error;
    }
  }

  close(): void {}
}

await runWithParts(({ breakers }) => ({ breakers: { ...breakers, llm: new UngatedBreaker() } }));
