import { deferred } from '../base/deferred.ts';
import { Await, type Steps } from './carried.ts';
import type { Jobs } from './jobs.ts';

/** How to resume a step: with a value or with an exception. */
type Resumption = { readonly by: 'next' | 'throw'; readonly value: unknown };

/**
 * Runs an async function up to its first `await` as part of the caller. The rest runs as separate jobs, after the same
 * number of microtasks as in a native async function.
 *
 * @returns Steps that produce the function's promise.
 */
export function* beginAsync(jobs: Jobs, steps: Steps): Steps<Promise<unknown>> {
  const result = deferred<unknown>();
  yield* goOn(jobs, steps, { by: 'next', value: undefined }, result);
  return result.promise;
}

function* goOn(jobs: Jobs, steps: Steps, begin: Resumption, result: PromiseWithResolvers<unknown>): Steps<void> {
  let resumption = begin;
  for (;;) {
    let step: IteratorResult<unknown, unknown>;
    try {
      step = steps[resumption.by](resumption.value);
    } catch (error) {
      return result.reject(error);
    }
    if (step.done) return result.resolve(step.value);
    if (step.value instanceof Await) return later(jobs, steps, step.value.value, result);
    try {
      resumption = { by: 'next', value: yield step.value as never };
    } catch (error) {
      resumption = { by: 'throw', value: error };
    }
  }
}

function later(jobs: Jobs, steps: Steps, awaited: unknown, result: PromiseWithResolvers<unknown>): void {
  const resume = (by: Resumption['by']) => (value: unknown) => {
    jobs.begin(goOn(jobs, steps, { by, value }, result));
  };
  Promise.resolve(awaited).then(resume('next'), resume('throw'));
}
