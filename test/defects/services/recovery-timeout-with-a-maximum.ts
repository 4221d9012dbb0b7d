/** Defect: a breaker is half-open after 5 s at the latest, although its Retry-After says the whole recovery timeout. */

import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';
import { changeError } from '../run-with.ts';

export const caught = caughtBy('stress/specified-numbers', 'specified-recovery', 'stays open while watched: llm');

const MOST_MS = 5_000;

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      readonly #promisedMs: number;

      constructor(...[upstream, parts, settings]: ConstructorParameters<typeof PlainBreaker>) {
        super(upstream, parts, { ...settings, recoveryTimeoutMs: Math.min(settings.recoveryTimeoutMs, MOST_MS) });
        this.#promisedMs = settings.recoveryTimeoutMs;
      }

      protected override refuse() {
        const restMs = this.openedAt + this.#promisedMs - Date.now();
        return changeError(super.refuse(), 'llm_circuit_open', Math.ceil(restMs / 1_000));
      }
    },
  );
