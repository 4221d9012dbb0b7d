import { EngineError, USE_K6 } from '../base/errors.ts';
import type { GoUrl } from '../net/go-url.ts';
import { proxyVariableFor } from '../net/proxied.ts';
import { currentVu, type Vu } from './vu.ts';

/**
 * Ends the test because its script uses something that only k6 has. Continuing would give a wrong result.
 *
 * @param what For example, `the selector ':matches(a)'`.
 * @throws EngineError NOT_AVAILABLE
 */
export function notAvailable(what: string): never {
  const error = new EngineError('NOT_AVAILABLE', `${what} is not available in the embedded engine: ${USE_K6}`);
  const vu = currentVu();
  vu?.test.state.abort({ message: error.message, exitCode: error.exitCode });
  vu?.loop.interrupt();
  throw error;
}

/**
 * Ends the test if a URL needs a proxy.
 *
 * @throws EngineError NOT_AVAILABLE
 */
export function assertNoProxy(url: GoUrl, vu: Vu): void {
  const variable = proxyVariableFor(url, vu.test.proxied);
  if (variable !== undefined) notAvailable(`the proxy of ${variable} for ${url.host} (NO_PROXY can list hosts)`);
}
