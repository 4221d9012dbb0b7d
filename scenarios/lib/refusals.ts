import type { RefinedResponse, ResponseType } from 'k6/http';
import { Trend } from 'k6/metrics';
import { lackOfRefusal } from '../../harness/callers/meaning-of.ts';
import type { RefusalAnswer } from '../../harness/contract/schema/refusal-answer.ts';
import type { ScriptTags, Step } from '../../harness/contract/tags.ts';
import { context } from './context.ts';
import { call, type Extra, retryAfter, tagsOf } from './service.ts';

const retryAfterSeconds = new Trend('retry_after_seconds');

/** Recorded for a rejection without Retry-After (see harness/checkers/lib/retry-after.ts). */
const SAYS_NOTHING = -1;

/**
 * Records a rejection's Retry-After for the checkers, and why its type or its body is not as promised.
 *
 * @param promised The `refusalAnswer` of the limit, the breaker or the pool that rejects.
 */
export function noteRefusal(
  response: RefinedResponse<ResponseType | undefined>,
  tags: ScriptTags,
  promised: RefusalAnswer,
): void {
  const seconds = retryAfter(response);
  const lacks = promised && lackOfRefusal(promised, response);
  retryAfterSeconds.add(seconds >= 0 ? seconds : SAYS_NOTHING, tagsOf({ ...tags, ...(lacks && { lacks }) }));
}

/**
 * Sends a request that counts toward a limit, as a step of the script. Records a 429's Retry-After. Returns whether the
 * request was allowed.
 */
export async function send(limit: string, step: Step, extra: Extra = {}, tags: ScriptTags = {}): Promise<boolean> {
  const sent = Date.now();
  const response = await call(limit, { limit, step, ...tags }, extra);
  if (response.status !== 429) return true;
  noteRefusal(response, { limit, step, sent: String(sent) }, context.limiter.refusalAnswer);
  return false;
}
