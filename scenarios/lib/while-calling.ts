import type { ScriptTags } from '../../harness/contract/tags.ts';
import { call } from './service.ts';
import { pauseUntil } from './wait.ts';

/**
 * Calls endpoints in turn on a schedule while something else is done, regardless of whether earlier calls have ended.
 * Each call has a tag `due` with its scheduled time. Returns the result of the work when all calls have ended.
 *
 * Use it to see how long endpoints wait: if each call waited for the one before, a service that is frozen for a second
 * would delay a single call.
 */
export async function whileCalling<Result>(
  endpoints: readonly string[],
  everyMs: number,
  tags: ScriptTags,
  work: () => Promise<Result>,
): Promise<Result> {
  let isOver = endpoints.length === 0;
  const keepCalling = async () => {
    const began = Date.now();
    const calls: Promise<unknown>[] = [];
    for (let due = began; !isOver; due += everyMs) {
      await pauseUntil(due);
      const endpoint = endpoints[calls.length % endpoints.length] as string;
      calls.push(call(endpoint, { ...tags, due: String(due) }));
    }
    await Promise.all(calls);
  };
  const calling = keepCalling();
  const result = await work().finally(() => {
    isOver = true;
  });
  await calling;
  return result;
}
