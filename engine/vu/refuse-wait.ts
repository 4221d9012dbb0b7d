import { EngineError, USE_K6 } from '../base/errors.ts';
import { describeError } from './describe-error.ts';
import type { EventLoop } from './event-loop.ts';
import type { TestState } from './test-state.ts';

/**
 * Ends the test because code blocks in a place that can't, such as a getter or a sort comparator, and this could not be
 * determined statically. Continuing would give a wrong result.
 */
export function refuseWait(state: TestState, loop: EventLoop): never {
  const error = new EngineError(
    'BLOCKING_CALL_REFUSED',
    `a blocking call was made in a place where the embedded engine can't wait, such as a constructor, getter, comparator or generator: move it out, or ${USE_K6}`,
  );
  const [, ...place] = describeError(error).split('\n');
  state.abort({ message: [error.message, ...place].join('\n'), exitCode: error.exitCode });
  loop.interrupt();
  throw error;
}
