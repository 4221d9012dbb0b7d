import { GoError } from '../base/errors.ts';
import { callInSteps, type Steps } from '../blocking/carried.ts';
import { toTags } from '../metrics/tags.ts';
import { assertGroupName } from '../vu/group.ts';
import type { Vu } from '../vu/vu.ts';
import { isAsyncFunction } from './is-async-function.ts';

/**
 * Implements `check()`. Counts each condition by name in the current group (golden records 01 and 02). If a condition
 * throws, it counts as failed and the exception is passed on to the caller.
 *
 * @param args The value, the conditions (named functions of the value, or plain values), and tags.
 * @returns Whether all conditions are true.
 * @throws GoError in the init context, without conditions, for a name that contains `::`, and for an async condition,
 * because its promise would always be truthy
 */
export function* runChecks(vu: Vu, args: readonly unknown[]): Steps<boolean> {
  if (vu.phase === 'init') throw new GoError('Using check() in the init context is not supported');
  if (args.length < 2) throw new GoError('no checks provided to `check`');
  const [value, conditions, tags] = args;
  const own = toTags(tags);
  let all = true;
  for (const [name, condition] of Object.entries(conditions as object)) {
    assertGroupName(name);
    if (isAsyncFunction(condition)) {
      throw new GoError(
        'the built-in check() does not support async functions as arguments. await what they wait for first, and check the result',
      );
    }
    let holds = false;
    try {
      holds = Boolean(typeof condition === 'function' ? yield* callInSteps(condition, undefined, [value]) : condition);
    } finally {
      record(vu, name, holds, own);
    }
    all &&= holds;
  }
  return all;
}

function record(vu: Vu, name: string, holds: boolean, tags: Readonly<Record<string, string>>): void {
  const { test, group } = vu;
  const { collector, metrics, options } = test;
  const isTagged = options.systemTags.has('check');
  // k6 builds the tree of checks that `handleSummary()` gets from these two tags (golden record 43).
  if (isTagged && options.systemTags.has('group')) group.count(name, holds);
  if (isTagged) test.checks.count(name, holds);
  const all = collector.readsTags(metrics.checks)
    ? { ...vu.tags.current, ...tags, ...(isTagged && { check: name }) }
    : tags;
  collector.add(metrics.checks, holds ? 1 : 0, all, vu.tags.metadata);
}
