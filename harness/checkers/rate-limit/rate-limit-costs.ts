import { isUnserved } from '../../callers/meaning-of.ts';
import { isCounted, type Unserved } from '../../contract/limit-costs.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Finding, Verdict } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, planned, tally } from '../lib/checker.ts';
import { admitted, isInOneWindow, limitsOf, windowKind } from './rate-limit-windows.ts';

/** The kinds of requests that are not served, in words. */
const KINDS: Readonly<Record<Unserved, string>> = {
  unauthenticated: 'without credentials',
  malformed: 'with a malformed body',
  invalid: 'with an invalid body',
  failed: 'while an upstream fails',
};

/**
 * Checks that rejected and failed requests count toward a limit as the contract says. If they count, exactly N of them
 * are not rejected with 429, and no request is served after them. If they don't, none of them gets 429, and a client
 * still gets exactly N.
 *
 * The script sends more than N of them, and then more than N good requests, all within one window. While an upstream
 * fails, there are no good requests. If it takes too long, it repeats the round.
 */
export const rateLimitCosts: BuiltInChecker = {
  name: 'rate-limit-costs',
  restsOn: ['rate-limit-admits-exactly'],
  usually: 'The limiter runs after authentication or after the body is read, or it does not count requests that fail.',
  fix: 'Run the limiter first. If some requests should be free, say in `limiter.counts` which ones.',
  cases: (facts) =>
    planned(facts, 'unserved')
      ?.filter(({ variant }) => countedBy(facts, variant as Unserved) !== undefined)
      .map(({ endpoint, variant }) => ({ check: checkOf(variant, endpoint), promises: [['limiter', 'counts']] })),
  without: 'limiter.counts does not say whether rejected requests count, or no limited endpoint can reject a request',
  judge: (history, facts) =>
    limitsOf(facts).flatMap((limit) =>
      (Object.keys(KINDS) as Unserved[]).flatMap((why) => {
        const rounds = roundsOf(history, limit.limit, why);
        const counted = countedBy(facts, why);
        return counted === undefined || rounds.length === 0 ? [] : [judge(rounds, facts, { ...limit, why, counted })];
      }),
    ),
};

const checkOf = (why: string, limit: string): string => `cost of ${why} requests: ${limit}`;

function countedBy({ contract: { limiter } }: Facts, why: Unserved): boolean | undefined {
  return limiter.counts && isCounted(limiter.counts, why);
}

interface Cost {
  limit: string;
  max: number;
  lengthMs: number;
  why: Unserved;
  counted: boolean;
}

/** Rejected requests, and valid requests after them. */
interface Round {
  earlier: RequestSample[];
  unserved: RequestSample[];
  left: RequestSample[];
}

function judge(rounds: readonly Round[], facts: Facts, cost: Cost): Finding {
  const { limit, max, lengthMs, why, counted } = cost;
  const judged = {
    check: checkOf(why, limit),
    requests: [{ limit, variant: why }],
    expected: counted
      ? `they count: ${max} in ${lengthMs / 1_000} s, and then 429`
      : `they cost nothing: none gets 429${why === 'failed' ? '' : `, and ${max} good ones are served after them`}`,
  };
  const within = rounds.filter(({ earlier, unserved, left }) =>
    isInOneWindow(windowKind(facts), lengthMs, earlier, [...unserved, ...left]),
  );
  const [round = rounds.at(-1) as Round] = within;
  const observed = describe(round, why);
  if (within.length === 0) {
    return { ...judged, observed: `${observed}; but in more than one window`, verdict: 'INCONCLUSIVE' };
  }
  if (isServedAnyway(round, facts, cost)) {
    const evidence = [`${limit} serves requests ${KINDS[why]}, so they count like all that are served`];
    const expected = `they are served, so they count: ${max} in ${lengthMs / 1_000} s, and then 429`;
    return { ...judged, expected, observed, evidence, verdict: verdictOf(round, { ...cost, counted: true }) };
  }
  const other = round.unserved.filter(({ status }) => !isExpected(why, status));
  if (other.length > 0) {
    const evidence = [`some were treated differently: ${tally(other.map(answerOf))}`];
    return { ...judged, observed, evidence, verdict: 'INCONCLUSIVE' };
  }
  const verdict = verdictOf(round, cost);
  return { ...judged, observed, verdict, ...(verdict === 'FAIL' && whyWrong(round, cost)) };
}

/** Whether an endpoint serves requests with this body, such as an empty list. */
function isServedAnyway({ unserved }: Round, facts: Facts, { limit, why }: Cost): boolean {
  const { served = [] } = facts.contract.endpoints[limit] ?? {};
  const others = unserved.filter(({ status }) => status !== 429);
  return (
    ['malformed', 'invalid'].includes(why) && others.length > 0 && others.every(({ status }) => served.includes(status))
  );
}

function verdictOf({ unserved, left }: Round, { max, counted, why }: Cost): Verdict {
  const all = [...unserved, ...left];
  const isEnough = unserved.length > max && (why === 'failed' || left.length > max);
  if (!isEnough || all.some(({ status }) => status === 0)) return 'INCONCLUSIVE';
  const [passed, passedLater] = [unserved, left].map((of) => of.filter(admitted).length);
  const isRight = counted
    ? passed === max && passedLater === 0
    : passed === unserved.length && (why === 'failed' || passedLater === max);
  return isRight ? 'PASS' : 'FAIL';
}

/** Names the cause if fewer requests than promised use up the limit: each of them counts several times. */
function whyWrong({ unserved }: Round, { max, counted, why }: Cost): Pick<Finding, 'usually'> {
  const passed = unserved.filter(admitted).length;
  const times = Math.round(max / passed);
  if (!counted || passed === 0 || passed >= max || passed !== Math.ceil(max / times)) return {};
  return {
    usually: `Each request ${KINDS[why]} counts ${times === 2 ? 'twice' : `${times} times`}: ${passed} of them use up a limit of ${max}.`,
  };
}

/** Whether a status is that of a request which is not served for this reason, or that of a used-up limit. */
const isExpected = (why: Unserved, status: number): boolean =>
  status === 429 || isUnserved(status) || (why === 'failed' ? status >= 500 : status >= 400 && status < 500);

function describe({ unserved, left }: Round, why: Unserved): string {
  const [first, then] = [unserved, left].map((of) => tally(of.map(answerOf)));
  return `${KINDS[why]}: ${first}${left.length === 0 ? '' : `; good ones after them: ${then}`}`;
}

function roundsOf(history: History, limit: string, why: Unserved): Round[] {
  const all = history.sent({ limit, variant: why });
  return [...Map.groupBy(all, ({ tags }) => tags.round).values()].map((of) => ({
    earlier: all.slice(0, all.indexOf(of[0] as RequestSample)),
    unserved: of.filter(({ tags }) => tags.step === 'unserved'),
    left: of.filter(({ tags }) => tags.step === 'left'),
  }));
}
