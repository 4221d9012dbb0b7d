import type { ScriptTags } from '../../harness/contract/tags.ts';
import { silence } from './break-calls.ts';
import { beginCall } from './breaker.ts';
import type { context } from './context.ts';

/** How long to wait until a call has reached its upstream, in seconds. */
const ARRIVES_WITHIN = 2;
/**
 * How long to wait for a call: a multiple of its timeout, plus a number of seconds. On a busy machine, a call that does
 * not time out must exceed the timeout by more than the machine may have added.
 */
const [PATIENCE, PATIENCE_SECONDS] = [2.5, 1];

/** A promised timeout of calls to an upstream through an endpoint. */
export type Timeout = (typeof context.timeouts)[number];

/**
 * Makes a call hang. Resolves when it has reached its upstream. `ended` resolves when it has ended.
 *
 * @param tags Defaults to those with which the timeout is judged.
 */
export async function hang(
  { endpoint, upstream, seconds, setBy }: Timeout,
  tags: ScriptTags = { about: `hangs at ${upstream}`, ...(setBy.length > 0 && { settings: setBy.join(', ') }) },
): Promise<{ ended: Promise<unknown> }> {
  const patience = { seconds: PATIENCE * seconds + PATIENCE_SECONDS };
  const { answered } = await beginCall(
    { endpoint, upstream, recoverySeconds: ARRIVES_WITHIN / 2 },
    tags,
    [silence(upstream)],
    patience,
  );
  return { ended: answered ?? Promise.resolve() };
}
