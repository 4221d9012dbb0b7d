import { formatDuration } from '../base/duration.ts';
import { EngineError, TestAbortedError } from '../base/errors.ts';
import { EXIT_CODES } from '../base/exit-codes.ts';
import { evaluateScript } from '../script/evaluate-script.ts';
import { describeError } from '../vu/describe-error.ts';
import type { Outcome } from '../vu/event-loop.ts';
import type { Test } from '../vu/test.ts';
import { Vu } from '../vu/vu.ts';
import { recordBytes } from './record-bytes.ts';

/**
 * Runs `setup()` or `teardown()` in a separate VU with number 0.
 *
 * @param data The argument to pass to the function.
 * @returns The function's result.
 * @throws EngineError SCRIPT_EXCEPTION, with exit code 255 for a rejected promise and 107 for a thrown exception
 * (golden records 23, 24, 57 and 58), or STAGE_TIMEOUT if the function takes too long
 * @throws TestAbortedError if the function called `exec.test.abort()`
 */
export async function runStageFunction(test: Test, stage: 'setup' | 'teardown', data: unknown): Promise<unknown> {
  const vu = new Vu(test, 0);
  vu.limit.outlastsAbort = stage === 'teardown';
  vu.exports = await evaluateScript(vu);
  vu.phase = stage;
  vu.tags.reset(test.options.tags);
  const group = test.rootGroup.apart(stage);
  vu.enterGroup(group);
  const limit = stage === 'setup' ? test.options.setupTimeout : test.options.teardownTimeout;
  const stop = () => vu.loop.interrupt();
  if (stage === 'setup') test.state.signal.addEventListener('abort', stop);
  const outcome = await runWithin(vu, limit, timeout(stage, limit), vu.exports[stage], data);
  test.state.signal.removeEventListener('abort', stop);
  vu.enterGroup(group);
  recordBytes(vu);
  test.rootGroup.adopt(group);
  vu.connections.close();
  if (outcome.kind === 'done') return outcome.value;
  if (outcome.kind === 'interrupted') throw new TestAbortedError(`${stage} was interrupted`);
  if (outcome.error instanceof EngineError || outcome.error instanceof TestAbortedError) throw outcome.error;
  throw new EngineError(
    'SCRIPT_EXCEPTION',
    describeError(outcome.error, outcome.inPromise),
    outcome.inPromise ? EXIT_CODES.other : EXIT_CODES.scriptException,
  );
}

/**
 * Runs one of a VU's functions with one argument.
 *
 * @param limit The time limit in milliseconds.
 * @param tooLate The error with which the function ends if it takes longer.
 */
export async function runWithin(
  vu: Vu,
  limit: number,
  tooLate: Error,
  action: unknown,
  argument: unknown,
): Promise<Outcome> {
  const timer = setTimeout(() => vu.loop.fail(tooLate, false), limit);
  vu.limit.set(performance.now() + limit, tooLate);
  const outcome = await new Promise<Outcome>((resolve) => vu.run(action, [argument], resolve));
  clearTimeout(timer);
  return outcome;
}

const timeout = (stage: 'setup' | 'teardown', limit: number): EngineError =>
  new EngineError(
    'STAGE_TIMEOUT',
    `${stage}() execution timed out after ${formatDuration(limit)}`,
    stage === 'setup' ? EXIT_CODES.setupTimeout : EXIT_CODES.teardownTimeout,
  );
