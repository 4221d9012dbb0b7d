import { GoError } from '../base/errors.ts';
import { callInSteps, type Steps } from '../blocking/carried.ts';
import { assertGroupName } from '../vu/group.ts';
import type { Vu } from '../vu/vu.ts';
import { isAsyncFunction } from './is-async-function.ts';

/**
 * Implements `group()`: runs a function, tags its samples with the group's path, and measures how long it takes (golden
 * record 53).
 *
 * @returns The function's result.
 * @throws GoError in the init context, for a name that contains `::`, and for an async function, because its end can't
 * be observed
 */
export function* runGroup(vu: Vu, name: unknown, action: unknown): Steps {
  if (vu.phase === 'init') throw new GoError('Using group() in the init context is not supported');
  if (isAsyncFunction(action)) {
    throw new GoError(
      'group() does not support async functions as arguments, please see https://grafana.com/docs/k6/latest/javascript-api/k6/group/ for more info',
    );
  }
  if (typeof action !== 'function') throw new GoError('group() requires a callback as a second argument');
  assertGroupName(String(name));
  const parent = vu.group;
  const begun = performance.now();
  vu.enterGroup(parent.child(String(name)));
  try {
    return yield* callInSteps(action, undefined, []);
  } finally {
    const { collector, metrics } = vu.test;
    collector.add(metrics.groupDuration, performance.now() - begun, vu.tags.current, vu.tags.metadata);
    vu.enterGroup(parent);
  }
}
