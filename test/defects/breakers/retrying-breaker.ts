import { setTimeout as pause } from 'node:timers/promises';
import { ServiceError } from '../../../service/base/errors.ts';
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { PlainBreaker } from '../plain-breaker.ts';

/** The number from test/defects/breakers/retrying.ts, and the shortest time between two attempts. */
const ATTEMPTS = 3;
const BACKOFF_MS = 60;
/** The shortest time before a call that was refused is made again. */
const REFUSED_MS = 250;

const isRepeated = (error: unknown): boolean => error instanceof UpstreamError && / 5\d\d\.$/.test(error.message);

/** Acts up to three times, as long as the upstream answers with a 5xx, or for other reasons. */
async function repeat<Result>(act: () => Promise<Result>, isAgain = isRepeated, left = ATTEMPTS): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (!isAgain(error) || left === 1) throw error;
    const backoffMs = isRepeated(error) ? BACKOFF_MS : REFUSED_MS;
    await pause(backoffMs * (1 + Math.random()));
    return repeat(act, isAgain, left - 1);
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

/** A breaker inside retries, which also repeat a call that the open breaker has refused. */
export class RetriesWhileOpen extends PlainBreaker {
  /** Nothing refuses a call before it is made. */
  override refusal(): undefined {
    return undefined;
  }

  override call<Result>(upstreamCall: () => Promise<Result>): Promise<Result> {
    const isRefused = (error: unknown) => error instanceof ServiceError && error.code.endsWith('_circuit_open');
    return repeat(
      () => super.call(upstreamCall),
      (error) => isRefused(error) || isRepeated(error),
    );
  }
}

/** A breaker that counts attempts, but lets a call that has begun make all of them. */
export class RetriesThroughBreaker extends PlainBreaker {
  override call<Result>(upstreamCall: () => Promise<Result>): Promise<Result> {
    const began = this.state;
    let made = 0;
    return repeat(() => {
      made += 1;
      const isFurther = made > 1 && began === 'closed' && this.state === 'open';
      return isFurther ? upstreamCall() : super.call(upstreamCall);
    });
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
