import type { Logger } from 'pino';
import { UPSTREAM_TITLE, type Upstream } from '../base/upstream.ts';
import type { BreakerTransition } from './circuit-breaker.ts';

/** The names of the upstream calls in the log lines that the specification prescribes. */
const CALL_NAME: Readonly<Record<Upstream, string>> = { llm: '_invoke_llm', memory: 'extract_memories_from_api' };

/**
 * Logs a transition with the exact text from the specification. The prescribed line for a recovery does not include the
 * breaker's name, so every line has a `breaker` field. `make advise` uses `failures` and `recovery_seconds`.
 */
export function logTransition(logger: Logger, recoveryTimeoutMs: number, transition: BreakerTransition): void {
  const { breaker, to, failures } = transition;
  const fields = { breaker, state: to, failures, recovery_seconds: recoveryTimeoutMs / 1000 };
  if (to === 'open') {
    logger.warn(fields, `⚠️ Circuit breaker opened for ${CALL_NAME[breaker]} after ${failures} failures`);
  } else if (to === 'half_open') {
    logger.info(fields, `⏱️ Circuit breaker attempting recovery after ${recoveryTimeoutMs / 1000} seconds`);
  } else {
    logger.info(fields, `✅ Circuit breaker closed - ${UPSTREAM_TITLE[breaker]} recovered`);
  }
}
