import { Await, type Steps } from './carried.ts';
import { newCapability, onSettled, type ScriptPromise } from './promise.ts';

/** How to resume a step: with a value or with an exception. */
type Resumption = { readonly by: 'next' | 'throw'; readonly value: unknown };
type Result = ReturnType<typeof newCapability>;

/**
 * Runs an async function up to its first `await` as part of the caller. The rest runs as separate jobs.
 *
 * @param begin Begins the function. If it throws because of the arguments, the promise is rejected.
 * @returns Steps that produce the function's promise.
 */
export function* beginAsync(begin: () => Steps): Steps<ScriptPromise> {
  const result = newCapability();
  let steps: Steps;
  try {
    steps = begin();
  } catch (error) {
    result.reject(error);
    return result.promise;
  }
  yield* goOn(steps, { by: 'next', value: undefined }, result);
  return result.promise;
}

function* goOn(steps: Steps, begin: Resumption, result: Result): Steps<void> {
  let resumption = begin;
  for (;;) {
    let step: IteratorResult<unknown, unknown>;
    try {
      step = steps[resumption.by](resumption.value);
      if (!step.done && step.value instanceof Await) {
        const resume = (by: Resumption['by']) => (value: unknown) => goOn(steps, { by, value }, result);
        onSettled(step.value.value, resume('next'), resume('throw'));
        return;
      }
    } catch (error) {
      return result.reject(error);
    }
    if (step.done) return result.resolve(step.value);
    try {
      resumption = { by: 'next', value: yield step.value as never };
    } catch (error) {
      resumption = { by: 'throw', value: error };
    }
  }
}
