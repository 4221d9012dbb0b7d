import type { Logger } from 'pino';
import { UPSTREAM_CALL, UPSTREAM_TITLE } from '../base/upstream.ts';
import type { BreakerTransition } from './circuit-breaker.ts';

/**
 * Logs a transition with the exact text from the specification. The prescribed line for a recovery does not include the
 * breaker's name, so every line has a `breaker` field. The line for an opening names the breaker after one of its
 * calls. If others failed, they are appended. `make advise` uses `failures` and `recovery_seconds`.
 */
export function logTransition(logger: Logger, recoveryTimeoutMs: number, transition: BreakerTransition): void {
  const { breaker, to, failures, failedCalls = [] } = transition;
  const fields = { breaker, state: to, failures, recovery_seconds: recoveryTimeoutMs / 1000 };
  if (to === 'open') {
    const name = UPSTREAM_CALL[breaker];
    const which = failedCalls.some((call) => call !== name) ? ` (failed: ${failedCalls.join(', ')})` : '';
    logger.warn(fields, `⚠️ Circuit breaker opened for ${name} after ${failures} failures${which}`);
  } else if (to === 'half_open') {
    logger.info(fields, `⏱️ Circuit breaker attempting recovery after ${recoveryTimeoutMs / 1000} seconds`);
  } else {
    logger.info(fields, `✅ Circuit breaker closed - ${UPSTREAM_TITLE[breaker]} recovered`);
  }
}
