import type { Facts } from '../checkers/lib/checker.ts';
import { type Contract, type ContractFile, contractSchema, type Numbers, numbersOf } from '../contract/contract.ts';
import { withoutLimiterStore } from '../contract/limiter-store.ts';
import { type PhaseData, type PlannedPhase, titleOfPhase } from '../contract/phases.ts';
import { registeredFaults } from '../contract/registered-faults.ts';
import type {
  ConnectionReceipt,
  ConnectionSample,
  HandshakeReceipt,
  HistoryEvent,
  Party,
  RedirectedReceipt,
  RequestReceipt,
  RequestSample,
  Starved,
  UnusedReceipt,
} from '../history/events.ts';
import type { NoiseFloor } from '../machine/noise-floor.ts';
import type { Finding } from '../verdict/finding.ts';

/** The time at which hand-written histories start, in milliseconds. It is not 0, so that no time is 0 by accident. */
export const T0 = 1_000_000;

/** A machine that measures times exactly. */
export const SILENCE: NoiseFloor = { timerLateMs: 0, loopbackMs: 0, stolenShare: 0 };

/** The proof of a scenario without a plan. */
export const UNPLANNED: Facts['proof'] = { conditions: [], beside: [] };

export interface FactsOptions {
  /** The profile with the numbers. Defaults to `fast`. */
  readonly profile?: string;
  /** The breaker under test, if any. */
  readonly breaker?: string;
  /** The phases that the scenario plans. Defaults to no plan. */
  readonly plan?: readonly PlannedPhase[];
}

/**
 * Returns the facts that a check gets for a contract and the faults of this process, on a machine without noise.
 *
 * @throws ZodError if the contract is not valid
 * @throws ProofloadError USAGE if it has no such profile
 */
export function factsOf(
  file: ContractFile,
  { profile = 'fast', breaker, plan }: FactsOptions = {},
): Facts & { contract: Contract; numbers: Numbers } {
  const contract = withoutLimiterStore(contractSchema.parse(file));
  const proof = { ...UNPLANNED, ...(plan && { plan: [...plan] }) };
  const numbers = numbersOf(contract, profile);
  return {
    contract,
    faults: registeredFaults(),
    numbers,
    noise: SILENCE,
    proof,
    ...(breaker !== undefined && { breaker }),
  };
}

/** k6's tags for requests without a response. */
const RESET = { error: 'read: connection reset by peer', error_code: '1220' };

/**
 * A request that was sent `after` milliseconds after T0 on a new connection. If there is no response (status 0), the
 * connection was reset.
 */
export function request(after: number, ms: number, status: number, tags: Record<string, string>): RequestSample {
  const allTags = status === 0 ? { ...RESET, ...tags } : tags;
  return { type: 'request', at: T0 + after, ms, method: 'GET', name: 'x', status, opened: true, tags: allTags };
}

/** A request whose connection was reset after another request had used it. */
export const lost = (after: number, ms: number, tags: Record<string, string>): RequestSample => ({
  ...request(after, ms, 0, tags),
  opened: false,
});

/** Creates n requests that were sent one after another. */
export function requests(n: number, after: number, ms: number, status: number, tags: Record<string, string>) {
  return Array.from({ length: n }, (_, index) => request(after + index * ms, ms, status, tags));
}

/** A request that arrived at a fake. */
export function receipt(
  seq: number,
  after: number,
  ms: number,
  upstream: string,
  faults: string[] = [],
): RequestReceipt {
  return {
    type: 'receipt',
    kind: 'request',
    seq,
    upstream,
    faults,
    at: T0 + after,
    endedAt: T0 + after + ms,
    method: 'GET',
    path: '/x',
    route: 'GET /x',
    status: faults.length > 0 ? 500 : 200,
    outcome: 'answered',
  };
}

/** A connection that reached a proxy and is still open. */
export const connection = (seq: number, after: number, upstream: string): ConnectionReceipt => ({
  type: 'receipt',
  kind: 'connection',
  seq,
  upstream,
  at: T0 + after,
  endedAt: null,
  faults: [],
  outcome: 'open',
  bytesToServer: 0,
  bytesToClient: 0,
});

export const handshakeFailed = (seq: number, after: number, upstream: string, error = 'refused'): HandshakeReceipt => ({
  type: 'receipt',
  kind: 'handshake-failed',
  seq,
  upstream,
  at: T0 + after,
  error,
});

/** A connection that its client closed after the TLS handshake, without having sent anything. */
export const closedUnused = (seq: number, after: number, upstream: string): UnusedReceipt => ({
  type: 'receipt',
  kind: 'closed-unused',
  seq,
  upstream,
  at: T0 + after,
});

/** A request that followed a redirect of an upstream to another host. */
export const redirected = (
  seq: number,
  after: number,
  upstream: string,
  { credentials, over = 'https' }: Partial<Pick<RedirectedReceipt, 'credentials' | 'over'>> = {},
): RedirectedReceipt => ({
  type: 'receipt',
  kind: 'redirected',
  seq,
  upstream,
  at: T0 + after,
  method: 'POST',
  path: '/x',
  over,
  ...(credentials && { credentials }),
});

/**
 * The beginning of a phase, after `receipts` requests have arrived at the fakes. Its requests have the tag `phase` with
 * the ID as a text.
 *
 * @example [begun(1, { own: 'wrong currency' }, 0, 0), request(1, 5, 200, { phase: '1', endpoint: 'price' })]
 */
export const begun = (id: number, data: PhaseData, after: number, receipts: number): HistoryEvent => ({
  type: 'phase',
  id,
  data,
  title: titleOfPhase(data, (of) => `phase ${of}`),
  at: T0 + after,
  receipts,
});

export const metric = (name: string, after: number, value: number, tags: Record<string, string>): HistoryEvent => ({
  type: 'metric',
  metric: name,
  at: T0 + after,
  value,
  tags,
});

export const connections = (after: number, total: number): ConnectionSample => ({
  type: 'connections',
  at: T0 + after,
  total,
  active: total,
  waitingForLock: 0,
  idleInTransaction: 0,
});

/** A thread waited `ms` milliseconds for a processor between two samples. */
export const starved = (of: Party, since: number, until: number, ms: number): Starved => ({
  type: 'starved',
  since: T0 + since,
  at: T0 + until,
  ms,
  of,
});

export const verdicts = (findings: Finding[]): Record<string, string> =>
  Object.fromEntries(findings.map(({ check, verdict }) => [check, verdict]));
