import { count } from '../../base/in-words.ts';
import type { RequestReceipt } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, tally } from '../lib/checker.ts';

/**
 * Checks that calls to an upstream share connections. The script makes calls one after another, some of which the
 * upstream refuses with a whole response; only connections that had no request before count.
 */
export const connectionsReused: BuiltInChecker = {
  name: 'connections-reused',
  restsOn: ['steady-state', 'endpoints-reach-upstreams'],
  usually: 'Each request creates a new client or connection pool, or keep-alive is off.',
  fix: 'Create the client once, when the service starts, with keep-alive. Read or cancel the body of every response, also after errors.',
  cases: (facts) =>
    reusing(facts).map(([upstream]) => ({
      check: checkOf(upstream),
      promises: [['upstreams', upstream, 'callsPerConnection']],
    })),
  without: 'no upstream has a promised number of calls per connection (upstreams.NAME.callsPerConnection)',
  judge: (history, facts) => reusing(facts).map(([upstream, promised]) => judge(history, upstream, promised)),
};

const checkOf = (upstream: string): string => `connections are reused: ${upstream}`;

/** Returns the upstreams whose connections the contract says are reused, with the number of calls for each. */
const reusing = ({ contract: { upstreams } }: Facts): [upstream: string, calls: number][] =>
  Object.entries(upstreams).flatMap(([upstream, { callsPerConnection }]) =>
    callsPerConnection === undefined ? [] : [[upstream, callsPerConnection]],
  );

function judge(history: History, upstream: string, promised: number): Finding {
  const phases = history.phases('one after another', { upstream });
  const arrived = history.receiptsIn(phases, upstream);
  const first = arrived[0]?.seq ?? 0;
  const numbers = (receipts: typeof arrived) => new Set(receipts.map(({ connection }) => connection));
  const opened = numbers(arrived).difference(
    numbers(history.receipts('request', upstream).filter((receipt) => receipt.seq < first)),
  );
  const isCounted = arrived.every(({ connection }) => connection !== undefined);
  const isHeld = opened.size <= arrived.length / promised;
  const opening = [...opened].map((number) => arrived.find(({ connection }) => connection === number));
  // The calls are made one after another, so each falls into the request that caused it.
  const sent = history.sentIn(phases);
  const namesOf = (receipts: typeof opening) =>
    receipts.flatMap(
      (receipt) => sent.find(({ at, ms }) => receipt && receipt.at >= at && receipt.at <= at + ms)?.name ?? [],
    );
  const causes = namesOf(opening);
  const verdict = arrived.length < 2 * promised || !isCounted ? 'INCONCLUSIVE' : isHeld ? 'PASS' : 'FAIL';
  return {
    check: checkOf(upstream),
    requests: tagsIn(phases),
    expected: `at most 1 new connection for ${promised} calls`,
    observed: `${count(opened.size, 'new connection')} for ${count(arrived.length, 'call')}`,
    ...(causes.length > 0 && { evidence: [`for calls of ${tally(causes)}`] }),
    verdict,
    ...(verdict === 'FAIL' &&
      (isAfterRefusals(arrived, opening) ? { usually: LOST_WITH_A_REFUSAL } : lostAfter(arrived, opened, namesOf))),
  };
}

/** Whether most new connections, but for the first one, follow a call that the upstream refused. */
function isAfterRefusals(
  arrived: readonly RequestReceipt[],
  opening: readonly (RequestReceipt | undefined)[],
): boolean {
  const later = opening.filter((receipt) => receipt !== undefined && receipt !== arrived[0]);
  const after = later.filter(
    (receipt) => (arrived.at(arrived.indexOf(receipt as RequestReceipt) - 1)?.faults.length ?? 0) > 0,
  );
  return later.length > 0 && after.length > later.length / 2;
}

/**
 * Returns the endpoint whose calls are the last ones on connections that others had opened, as the likely cause. If each
 * connection has a single call, it is that of a client for each request, and there is no such endpoint.
 */
function lostAfter(
  arrived: readonly RequestReceipt[],
  opened: ReadonlySet<number | undefined>,
  namesOf: (receipts: RequestReceipt[]) => string[],
): Pick<Finding, 'usually'> | undefined {
  const shared = [...opened]
    .map((number) => arrived.filter(({ connection }) => connection === number))
    .filter((calls) => calls.length > 1);
  const [name, ...others] = new Set(shared.flatMap((calls) => namesOf(calls.slice(-1))));
  if (name === undefined || others.length > 0 || shared.length <= opened.size / 2) return undefined;
  return { usually: `A connection is lost with each call of ${name}: its answer is not read to its end, or aborted.` };
}

const LOST_WITH_A_REFUSAL =
  'A connection is lost with each call that the upstream refuses: the body of an error response is neither read to its end nor closed.';
