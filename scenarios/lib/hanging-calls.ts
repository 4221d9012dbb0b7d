import type { Tags } from '../../harness/contract/tags.ts';
import { silence } from './break-calls.ts';
import { beginCall } from './breaker.ts';
import { context, describedBreakers, isServedWithout, type Path } from './context.ts';

/** A call that hangs at an upstream, and after how many seconds the service must give it up. */
export interface HangingCall extends Path {
  readonly seconds: number;
}

/** Longer timeouts are not waited for (see harness/checkers/upstream/specified-timeouts.ts). */
const LONGEST_SECONDS = 60;
/** How long to wait until a call has reached its upstream, in seconds. */
const ARRIVES_WITHIN = 2;

/** Whether all of a call's time at an upstream is that of a single HTTP request. */
function isAttemptedOnce(upstream: string): boolean {
  const { protocol, calls } = context.upstreams[upstream] ?? {};
  const isNever = calls?.never.includes('timeout') && !calls.on?.includes('timeout');
  return protocol === 'http' && (calls?.attempts === 1 || isNever === true);
}

/**
 * Returns a call for each promised timeout of an HTTP upstream that is called once if it hangs: the timeout of a
 * breaker's calls, or the time within which an endpoint answers while its upstream hangs.
 */
export function hangingCalls(): HangingCall[] {
  const guarded = describedBreakers().flatMap(({ endpoint, upstream, callTimeoutSeconds: seconds, isJudged }) =>
    seconds === undefined || !isJudged || isServedWithout(endpoint, upstream) ? [] : [{ endpoint, upstream, seconds }],
  );
  const others = Object.entries(context.endpoints).flatMap(([endpoint, { reaches, onFault }]) => {
    const seconds = onFault.find(({ name }) => name === 'hang')?.withinSeconds;
    return [...new Set(reaches)].map((upstream) => ({ endpoint, upstream, seconds }));
  });
  const isGuarded = (one: Path) => guarded.some((it) => it.endpoint === one.endpoint && it.upstream === one.upstream);
  return [...guarded, ...others.filter((one) => !isGuarded(one))].flatMap(({ seconds = Infinity, ...path }) =>
    seconds <= LONGEST_SECONDS && isAttemptedOnce(path.upstream) ? [{ ...path, seconds }] : [],
  );
}

/** Makes a call hang. Resolves when it has reached its upstream. `ended` resolves when it has ended. */
export async function hang({ endpoint, upstream, seconds }: HangingCall): Promise<{ ended: Promise<unknown> }> {
  const tags: Tags = { about: `hangs at ${upstream}` };
  const patience = { seconds: 1.5 * seconds + 1 };
  const { answered } = await beginCall(
    { endpoint, upstream, recoverySeconds: ARRIVES_WITHIN / 2 },
    tags,
    [silence(upstream)],
    patience,
  );
  return { ended: answered ?? Promise.resolve() };
}
