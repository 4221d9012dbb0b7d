import { PUBLIC_NETWORK } from '../../contract/public-network.ts';
import type { Step } from '../../contract/tags.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, tally } from '../lib/checker.ts';
import { answered, firstSent, lastAnswered } from '../lib/request-times.ts';
import { TOLERANCE_MS } from './judge-answers.ts';
import { admitted, isInOneWindow, limitsOf, NO_LIMITS, windowKind } from './rate-limit-windows.ts';
import { bucketOf, mostTokens } from './token-bucket.ts';

/** The status for an unknown path. It gains the client nothing. */
const UNKNOWN = 404;

/**
 * Checks that a client that has used up a limit gains nothing by claiming another identity or by spelling the path
 * differently. Such a request must count against the same client, or its path must be unknown (404). The variants claim
 * addresses in the headers of proxies, CDNs and hosting platforms, and to be a well-known probe or crawler. Frameworks
 * such as Rack believe address headers of clients on loopback: if only those were believed, the scenario is measured
 * again with clients from 203.0.113.0/24, in a network namespace. Without one, the check is INCONCLUSIVE.
 *
 * The script uses up the limit with plain requests and then sends one variant of each kind, all within one window. If
 * that takes too long, it repeats the round. A bucket of tokens is emptied before each variant, of which it then sends
 * more requests than tokens can have been refilled.
 *
 * If the contract identifies clients by a forwarded header, the lab is the trusted proxy, and nothing is excused.
 */
export const rateLimitIdentity: BuiltInChecker = {
  name: 'rate-limit-identity',
  restsOn: ['rate-limit-admits-exactly', 'rate-limit-bucket'],
  usually:
    'The client is taken from a header that anyone can set, a known User-Agent is exempt, or the path is compared before it is normalized.',
  fix: 'Take the client from the socket, or from the last entry of X-Forwarded-For that a trusted proxy has added. Exempt no User-Agent. Normalize the path before it is compared: case, slashes, dots and encoding.',
  cases: (facts) => limitsOf(facts).map(({ limit }) => ({ check: checkOf(limit), promises: [['client']] })),
  without: NO_LIMITS,
  judge: (history, facts) =>
    limitsOf(facts).map((limit): Finding => {
      const judged = {
        check: checkOf(limit.limit),
        expected: 'no variant is served while the limit is used up',
        requests: [{ limit: limit.limit }],
      };
      const isBucket = facts.contract.limiter.window === 'token-bucket';
      const { variants, gained, isSure } = (isBucket ? triedWithBucket : triedInWindow)(history, facts, limit);
      const excused = trustsLoopback(facts) ? gained.filter(isAddress) : [];
      const others = gained.filter((request) => !excused.includes(request));
      if (variants.length === 0) {
        return { ...judged, observed: 'no variants while the limit was used up', verdict: 'INCONCLUSIVE' };
      }
      const kinds = new Set(variants.map(({ tags }) => tags.variant)).size;
      const from = facts.publicClients ? ` from ${PUBLIC_NETWORK}` : '';
      const observed = `${kinds} variants${from}: ${tally(variants.map(answerOf))}`;
      if (gained.length === 0) return { ...judged, observed, verdict: isSure ? 'PASS' : 'INCONCLUSIVE' };
      if (others.length === 0) {
        const believed = `${observed}; address headers were believed from a client on loopback`;
        return { ...judged, observed: believed, evidence: listed(withoutGroups(excused)), ...ONLY_ON_LOOPBACK };
      }
      const named = withoutGroups(others);
      const unsure = listed(withoutGroups(excused)).map((line) => `${line}, but perhaps only on loopback`);
      const evidence = [...listed(named), ...unsure];
      return { ...judged, observed, evidence, usually: causeOf(named, variants), verdict: 'FAIL' };
    }),
};

/** The finding if only address headers were believed, and perhaps only those of clients on loopback. */
const ONLY_ON_LOOPBACK = {
  usually:
    'The service takes the client from a header that the client has sent. It may do so only for clients on loopback, which frameworks such as Rack trust by default. List the addresses of your proxies in the setting for trusted proxies (`trusted_proxies`, `trust proxy`, `forwarded_allow_ips`, `set_real_ip_from`), without loopback. Or give the lab the right to create a network namespace (`unshare`).',
  needsPublicClients: true,
  verdict: 'INCONCLUSIVE',
} as const;

/** Whether a service may trust the lab's clients because they are on loopback. Otherwise, they are behind a proxy. */
const trustsLoopback = ({ publicClients, contract: { client } }: Facts): boolean =>
  !publicClients && (typeof client === 'string' || !('forwarded' in client));

/** Whether a request claims another address. */
const isAddress = ({ tags }: RequestSample): boolean => tags.step === 'address' || tags.step === 'addresses';

/** Returns lines of evidence: each variant with its answer. */
const listed = (requests: readonly RequestSample[]): string[] => [
  ...new Set(requests.map((request) => `${request.tags.variant}: ${answerOf(request)}`)),
];

const checkOf = (limit: string): string => `forged identities gain nothing: ${limit}`;

/** The variants that were sent while a limit was used up, and those by which the client gained requests. */
interface Tried {
  readonly variants: readonly RequestSample[];
  readonly gained: readonly RequestSample[];
  /** Whether none of the other variants can have gained anything. */
  readonly isSure: boolean;
}

interface Limit {
  readonly limit: string;
  readonly max: number;
  readonly lengthMs: number;
}

/** Whether a variant was served. An unknown path gains the client nothing. */
const isGain = ({ contract }: Facts, { status, tags }: RequestSample): boolean =>
  contract.endpoints[tags.limit ?? '']?.served.includes(status) === true &&
  (tags.step !== 'spelling' || status !== UNKNOWN);

function triedInWindow(history: History, facts: Facts, { limit, max, lengthMs }: Limit): Tried {
  const window = windowKind(facts);
  const rounds = roundsOf(history, limit).filter(
    (round) =>
      isUsedUp(round, max) && isInOneWindow(window, lengthMs, round.earlier, [...round.plain, ...round.variants]),
  );
  const variants = rounds.flatMap((round) => round.variants);
  return {
    variants,
    gained: variants.filter((variant) => isGain(facts, variant)),
    isSure: variants.every(({ status }) => status !== 0),
  };
}

/** How sure it is that a variant gained requests. */
type Gain = 'nothing' | 'unknown' | 'requests';

/** A bucket gives out the tokens that are refilled, so only more requests than those show that a variant gained any. */
function triedWithBucket(history: History, facts: Facts, limit: Limit): Tried {
  const bucket = bucketOf(limit);
  const rounds = roundsOf(history, limit.limit).filter(({ variants }) => variants.length > 0);
  const plain = history.sent({ limit: limit.limit, step: 'plain' });
  const gainOf = ({ plain: own, variants }: Round): Gain => {
    if (variants.some(({ status }) => status === 0)) return 'unknown';
    if (!variants.every((variant) => isGain(facts, variant))) return 'nothing';
    const began = firstSent(variants);
    const until = lastAnswered(variants);
    const refused = own.filter((request) => request.status === 429 && answered(request) <= began);
    // A refused request found less than one token.
    const sinceEmpty = Math.min(...refused.map(({ at }) => 1 + bucket.perMs * (until - at)));
    const left = Math.min(sinceEmpty, mostTokens(bucket, plain, { from: began, until }));
    return variants.length > left + bucket.perMs * TOLERANCE_MS ? 'requests' : 'unknown';
  };
  const judged = rounds.map((round) => ({ round, gain: gainOf(round) }));
  // The script repeats what is unknown.
  const byVariant = Map.groupBy(judged, ({ round }) => round.variants[0]?.tags.variant);
  const isKnown = [...byVariant.values()].every((tries) => tries.some(({ gain }) => gain !== 'unknown'));
  const isExhausted = plain.some(({ status }) => status === 429) && plain.filter(admitted).length >= limit.max;
  return {
    variants: isExhausted ? rounds.flatMap(({ variants }) => variants) : [],
    gained: judged.flatMap(({ round, gain }) => (gain === 'requests' ? round.variants : [])),
    isSure: isKnown,
  };
}

/** Leaves out requests with several headers, if one of these was found alone. */
function withoutGroups(gained: readonly RequestSample[]): readonly RequestSample[] {
  const alone = gained.filter(({ tags }) => tags.step !== 'addresses');
  return alone.some(({ tags }) => tags.step === 'address') ? alone : gained;
}

/** Maximum number of variants to name in a cause. */
const NAMED = 3;

/** The fewest agents that must have been tried, and must all gain requests, to say that no agent is special. */
const SEVERAL_AGENTS = 3;

/** Whether all of several agents that were tried gained requests. */
function isAnyAgent(gained: readonly RequestSample[], variants: readonly RequestSample[]): boolean {
  const agentsIn = (requests: readonly RequestSample[]) =>
    new Set(requests.filter(({ tags }) => tags.step === 'agent').map(({ tags }) => tags.variant));
  const tried = agentsIn(variants);
  return tried.size >= SEVERAL_AGENTS && agentsIn(gained).size === tried.size;
}

/** Returns the likely cause in one sentence, which names the headers, agents or spellings. */
function causeOf(gained: readonly RequestSample[], variants: readonly RequestSample[]): string {
  const named = (...steps: Step[]) => {
    const found = gained.filter(({ tags }) => steps.some((step) => step === tags.step));
    return [...new Set(found.flatMap(({ tags }) => tags.variant ?? []))].slice(0, NAMED).join('; ');
  };
  const [headers, agents, spellings] = [named('address', 'addresses', 'claim'), named('agent'), named('spelling')];
  return [
    headers && `A header that anyone can set decides who the client is, or exempts it from the limit: ${headers}.`,
    agents && isAnyAgent(gained, variants)
      ? `The User-Agent decides who the client is: with any other one, such as ${agents}, the limit begins anew.`
      : agents && `Requests with a certain User-Agent are exempt from the limit: ${agents}.`,
    spellings && `The limit is looked up by the path or the method as sent, before it is normalized: ${spellings}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

interface Round {
  earlier: RequestSample[];
  plain: RequestSample[];
  variants: RequestSample[];
}

function roundsOf(history: History, limit: string): Round[] {
  // The requests of callers without a name, and of a crowd, belong to no round.
  const all = history.sent({ limit }).filter(({ tags: { round } }) => round !== undefined);
  return [...Map.groupBy(all, ({ tags }) => tags.round).values()].map((of) => ({
    earlier: all.slice(0, all.indexOf(of[0] as RequestSample)),
    plain: of.filter(({ tags }) => tags.step === 'plain'),
    variants: of.filter(({ tags }) => tags.step !== 'plain'),
  }));
}

/** Whether the limit was definitely used up: N requests were allowed, and one more was not. */
const isUsedUp = ({ plain }: Round, max: number): boolean =>
  plain.filter(admitted).length === max && plain.some(({ status }) => status === 429);
