import { count } from '../../base/in-words.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Checker, tally } from '../lib/checker.ts';
import { answered, firstSent } from '../lib/request-times.ts';
import { admitted, limitsOf } from './rate-limit-windows.ts';
import { type Bucket, bucketOf, leastTokens, mostTokens, requestsTo, STEPS } from './token-bucket.ts';

/** How far the times of a service and of its client may be apart, in milliseconds. */
const TOLERANCE_MS = 25;
/** Maximum number of wrong answers to show. */
const SHOWN = 5;

/**
 * Checks each answer against a bucket of tokens: a request is allowed if there is a token, and refused if there is
 * none. A request takes its token at some time while it is in progress, so the number of tokens lies between two
 * bounds. An answer is wrong if it contradicts both.
 *
 * The script sends more requests than the bucket has tokens, then some at regular intervals, and once more a burst when
 * the bucket is full again.
 */
export const rateLimitBucket: Checker = {
  name: 'rate-limit-bucket',
  restsOn: ['endpoints-served'],
  usually:
    'The bucket has another size or rate than the contract says, is refilled all at once, or the limit counts in windows.',
  judge: (history, facts) =>
    limitsOf(facts).map((one) => judge(history, one.limit, requestsTo(history, one.limit), bucketOf(one))),
};

function judge(history: History, limit: string, requests: readonly RequestSample[], bucket: Bucket): Finding {
  const { max, perMs } = bucket;
  const judged = {
    check: `allows as many as there are tokens: ${limit}`,
    requests: STEPS.map((step) => ({ limit, step })),
    expected: `${max} at once, and one more every ${(1 / perMs / 1_000).toFixed(3)} s`,
  };
  const began = firstSent(requests);
  const allowed = requests.filter(admitted);
  const refused = requests.filter(({ status }) => status === 429);
  const slack = perMs * TOLERANCE_MS;
  const beyond = allowed.filter((one) => mostTokens(bucket, allowed, timeOf(one)) < 1 - slack);
  const denied = refused.filter((one) => leastTokens(bucket, requests, timeOf(one)) >= 1 + slack);
  const observed = `${tally(requests.map(({ status }) => status))}; ${beyond.length} allowed without a token, ${denied.length} refused in spite of one`;
  if (beyond.length + denied.length > 0) {
    const wrong = [...beyond, ...denied].toSorted((a, b) => a.at - b.at).slice(0, SHOWN);
    const evidence = wrong.map(({ at, status }) => `${status}, ${((at - began) / 1_000).toFixed(2)} s after the first`);
    return { ...judged, observed, evidence, verdict: 'FAIL' };
  }
  // Later requests show that tokens come back one by one.
  const later = history.sent({ limit, step: 'over' });
  const isRefilled = later.length === 0 || later.some(admitted);
  if (allowed.length >= max && refused.length > 0 && isRefilled) return { ...judged, observed, verdict: 'PASS' };
  const evidence = [`too little to judge: ${count(later.filter(admitted).length, 'later request')} allowed`];
  return { ...judged, observed, evidence, verdict: 'INCONCLUSIVE' };
}

const timeOf = (one: RequestSample) => ({ from: one.at, until: answered(one) });
