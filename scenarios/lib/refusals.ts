import type { RefinedResponse, ResponseType } from 'k6/http';
import { Trend } from 'k6/metrics';
import { retryAfter, type Tags } from './service.ts';

const retryAfterSeconds = new Trend('retry_after_seconds');

/** What no refusal can ask for: it does not say when to come back (harness/checkers/retry-after.ts). */
const SAYS_NOTHING = -1;

/** Notes for the checkers what a refusal asks to wait; tags tell what it is of. */
export function noteRefusal(response: RefinedResponse<ResponseType | undefined>, tags: Tags): void {
  const seconds = retryAfter(response);
  retryAfterSeconds.add(seconds >= 0 ? seconds : SAYS_NOTHING, tags);
}
