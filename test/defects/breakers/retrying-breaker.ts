import { setTimeout as pause } from 'node:timers/promises';
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { PlainBreaker } from '../plain-breaker.ts';

/** The number from test/defects/breakers/retrying.ts, and the shortest time between two attempts. */
const ATTEMPTS = 3;
const BACKOFF_MS = 60;

const isRepeated = (error: unknown): boolean => error instanceof UpstreamError && / 5\d\d\.$/.test(error.message);

/** Acts up to three times, as long as the upstream answers with a 5xx. */
async function repeat<Result>(act: () => Promise<Result>, left = ATTEMPTS): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (!isRepeated(error) || left === 1) throw error;
    await pause(BACKOFF_MS * (1 + Math.random()));
    return repeat(act, left - 1);
  }
}

/** A correct breaker around retries: it counts calls. */
export class AboveRetries extends PlainBreaker {
  override call<Result>(upstreamCall: () => Promise<Result>): Promise<Result> {
    return super.call(() => repeat(upstreamCall));
  }
}

/** A correct breaker inside retries: it counts attempts. */
export class BeneathRetries extends PlainBreaker {
  override call<Result>(upstreamCall: () => Promise<Result>): Promise<Result> {
    return repeat(() => super.call(upstreamCall));
  }
}

/** A breaker that doesn't see failures that were repeated. */
export class BlindToRetries extends PlainBreaker {
  override call<Result>(upstreamCall: () => Promise<Result>): Promise<Result> {
    return super.call(() =>
      repeat(upstreamCall).catch((error: unknown) => {
        if (!isRepeated(error)) throw error;
        throw new UpstreamError('llm', 'it failed again', { countsAsFailure: false, cause: error });
      }),
    );
  }
}
