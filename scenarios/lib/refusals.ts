import type { RefinedResponse, ResponseType } from 'k6/http';
import { Trend } from 'k6/metrics';
import { call, retryAfter, type Tags } from './service.ts';

const retryAfterSeconds = new Trend('retry_after_seconds');

/** What no refusal can ask for: it does not say when to come back (harness/checkers/lib/retry-after.ts). */
const SAYS_NOTHING = -1;

/** Notes for the checkers what a refusal asks to wait; tags tell what it is of. */
export function noteRefusal(response: RefinedResponse<ResponseType | undefined>, tags: Tags): void {
  const seconds = retryAfter(response);
  retryAfterSeconds.add(seconds >= 0 ? seconds : SAYS_NOTHING, tags);
}

/** Sends a request that a limit counts, in a step of the script; notes what a 429 asks for, and tells whether it was admitted. */
export async function send(limit: string, step: string, extra: Parameters<typeof call>[2] = {}): Promise<boolean> {
  const sent = Date.now();
  const response = await call(limit, { limit, step }, extra);
  if (response.status !== 429) return true;
  noteRefusal(response, { limit, step, sent: String(sent) });
  return false;
}
