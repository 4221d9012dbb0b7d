import { median } from '../../base/median.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { Facts } from '../lib/checker.ts';
import { admitted, BURSTS } from './rate-limit-windows.ts';

/** Returns the other status with which a limit refuses requests, if all that are neither served nor refused have it. */
export function otherRefusal({ contract }: Facts, limit: string, requests: readonly RequestSample[]) {
  const { served = [] } = contract.endpoints[limit] ?? {};
  const others = requests.filter(({ status }) => !served.includes(status) && status !== 429);
  const [first] = others;
  const isSame = first !== undefined && first.status !== 0 && others.every(({ status }) => status === first.status);
  return isSame ? first : undefined;
}

/** Returns the cause if a limit holds, but refuses requests in another way than with a 429. */
export const refusedOtherwise = (refusal: RequestSample): string =>
  `The limit holds, but it refuses requests with ${answerOf(refusal)} instead of 429. Answer 429, or in the way that \`refused\` of the endpoint describes.`;

type Judgement = Pick<Finding, 'observed' | 'verdict' | 'usually'>;

/** Judges requests. If they would pass with another status of refusals, the finding says so instead. */
export function withOtherRefusals<Judged extends Judgement>(
  facts: Facts,
  limit: string,
  requests: readonly RequestSample[],
  judge: (requests: readonly RequestSample[]) => Judged,
): Judged {
  const judged = judge(requests);
  const refusal = otherRefusal(facts, limit, requests);
  if (judged.verdict !== 'FAIL' || refusal === undefined) return judged;
  const translated = judge(
    requests.map((request) => (request.status === refusal.status ? { ...request, status: 429 } : request)),
  );
  if (translated.verdict === 'FAIL') return judged;
  const observed = `refused with ${answerOf(refusal)} instead of 429; otherwise: ${translated.observed}`;
  return { ...translated, observed, usually: refusedOtherwise(refusal), verdict: 'FAIL' };
}

/**
 * A request was held back if it took longer than as many times the first request of a client as may be in progress,
 * twice, and this many milliseconds. A slow service is not as slow.
 */
const [TIMES, HELD_MS] = [16, 50];

const HOLDS_BACK =
  'The limit delays requests instead of refusing them: it queues them, or holds them back until they are allowed. Refuse them at once (nginx: `burst=N nodelay`).';

/**
 * Returns the cause if a limit delays requests instead of refusing them. The first requests of two clients, which
 * nothing delays, are quick. In both bursts, requests are much slower: most of those that were served, or any if none
 * was refused.
 */
export function holdsBack(history: History, limit: string): string | undefined {
  const bursts = BURSTS.map((step) => history.sent({ limit, step }));
  const firsts = [bursts[0]?.[0], history.sent({ limit, step: 'other client' })[0]];
  const quick = Math.min(...firsts.flatMap((request) => (request && admitted(request) ? request.ms : [])));
  const isHeld = ({ ms }: Pick<RequestSample, 'ms'>) => ms > TIMES * quick + HELD_MS;
  const isSlow = (burst: readonly RequestSample[]): boolean => {
    const served = burst.filter(admitted);
    if (served.length === 0) return false;
    return served.length === burst.length ? served.some(isHeld) : isHeld({ ms: median(served.map(({ ms }) => ms)) });
  };
  return bursts.every(isSlow) ? HOLDS_BACK : undefined;
}
