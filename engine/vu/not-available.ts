import { EngineError, USE_K6 } from '../base/errors.ts';
import { currentVu } from './vu.ts';

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
