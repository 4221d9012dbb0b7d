import type { PromisedCalls } from '../../mocks/promised-calls.ts';
import type { Contract } from './contract.ts';

type Fault = Contract['breakers'][string]['failures'][number];

const DAY = 86_400;

/** Failures of every upstream, by the hint that they give the caller. */
const ALWAYS: Record<string, Fault> = {
  'plain-500': { kind: 'status', status: 500 },
  reset: { kind: 'reset' },
  '429-at-once': { kind: 'status', status: 429, retryAfter: { seconds: 0 } },
  '429-tomorrow': { kind: 'status', status: 429, retryAfter: { seconds: DAY } },
  '429-yesterday': { kind: 'status', status: 429, retryAfter: { dateInSeconds: -DAY } },
  '503-next-year': { kind: 'status', status: 503, retryAfter: { dateInSeconds: 365 * DAY } },
  '503-soon': { kind: 'status', status: 503, retryAfter: { seconds: 1 } },
};
/** A failure whose Retry-After is a date that callers wait for, if the contract promises that. */
const DATED: Record<string, Fault> = { '503-dated': { kind: 'status', status: 503, retryAfter: { dateInSeconds: 2 } } };
/**
 * The same after a 429, which is repeated. Some clients obey Retry-After only there. It is longer than most backoffs.
 */
const LIMITED: Record<string, Fault> = { '429-soon': { kind: 'status', status: 429, retryAfter: { seconds: 2 } } };
/** Failures that say in headers of LLM APIs when or whether a request may be sent again, if the contract names them. */
const inMilliseconds = (status: number): Record<string, Fault> => ({
  'in-1500-ms': { kind: 'status', status, retryAfter: { milliseconds: 1_500 } },
});
const decided = (status: number): Record<string, Fault> => ({
  'not-again': { kind: 'status', status, shouldRetry: false },
  again: { kind: 'status', status: 400, shouldRetry: true },
});
/**
 * An upstream that never responds, if the contract says whether a timeout is repeated. It comes first, so that a request
 * that is sent again in the background arrives while the others are judged.
 */
const UNANSWERED: Record<string, Fault> = { hang: { kind: 'hang' } };

/** A response that can't be used, if the contract says whether that is repeated. */
const UNUSABLE: Record<string, Fault> = { 'malformed-json': { kind: 'malformed-json' } };

/** Statuses that stand for a class, if the contract says whether the class is repeated. */
const OF_CLASS = { '4xx': [400, 422, 404, 405], '5xx': [500, 503, 502, 504] } as const;

/**
 * Returns a failure without Retry-After for which the contract promises another attempt: a listed status if there is
 * one, otherwise one of the other failures, of which a timeout takes the longest. Defaults to 503.
 */
export function repeatedFailure(calls: PromisedCalls): Fault {
  const failures = Object.values(rescuedFailures(calls));
  const unlisted = failures.find(({ kind }) => kind !== 'hang') ?? failures[0];
  const isListed = calls.on?.some((failure) => typeof failure === 'number') ?? false;
  return isListed || !unlisted ? { kind: 'status', status: repeatedStatus(calls.on) } : unlisted;
}

const repeatedStatus = (on: readonly unknown[] = []): number =>
  on.find((failure) => typeof failure === 'number') ?? 503;

const plain = (status: number): Record<string, Fault> => ({ [`plain-${status}`]: { kind: 'status', status } });

/** Returns a status that stands for a class, because the contract lists no other rule for it. */
function statusOf(name: keyof typeof OF_CLASS, { on = [], never }: Pick<PromisedCalls, 'on' | 'never'>) {
  const status = OF_CLASS[name].find((candidate) => ![...on, ...never].includes(candidate));
  return status === undefined ? {} : plain(status);
}

/**
 * Returns one failure for each entry of `on`, by name, from which a further attempt must rescue the call. None asks for a
 * pause.
 */
export function rescuedFailures(calls: PromisedCalls): Record<string, Fault> {
  const failures = (calls.on ?? []).map((failure): Record<string, Fault> => {
    if (typeof failure === 'number') return plain(failure);
    if (failure === 'timeout') return UNANSWERED;
    if (failure === 'body') return UNUSABLE;
    return failure === 'connection' ? { reset: { kind: 'reset' } } : statusOf(failure, calls);
  });
  return Object.assign({}, ...failures);
}

/** Returns the failures with which an upstream's retries are judged, by name: some always, others if promised. */
export function callFailures({ attempts, on = [], never, retryAfter, hints }: PromisedCalls): Record<string, Fault> {
  const listed = [...on, ...never];
  const statuses = listed.filter((failure) => typeof failure === 'number');
  return {
    ...((attempts === 1 || listed.includes('timeout')) && UNANSWERED),
    ...ALWAYS,
    ...Object.assign({}, ...statuses.map(plain)),
    ...(listed.includes('4xx') && statusOf('4xx', { on, never })),
    ...(listed.includes('body') && UNUSABLE),
    ...(retryAfter && { ...DATED, ...(on.includes(429) && LIMITED) }),
    ...(hints.includes('retry-after-ms') && inMilliseconds(repeatedStatus(on))),
    ...(hints.includes('x-should-retry') && decided(repeatedStatus(on))),
  };
}
