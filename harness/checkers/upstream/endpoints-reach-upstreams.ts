import { count } from '../../base/in-words.ts';
import type { PromisePath } from '../../contract/promise-path.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { BuiltInChecker, Facts } from '../lib/checker.ts';
import { allCountedUpstreams, countedUpstreams } from '../lib/counted-upstreams.ts';
import { proxiedUpstreams } from '../lib/proxied.ts';
import { absence, callChanges, callHints } from './call-hints.ts';
import { callersApart, whyNotApart } from './callers-apart.ts';

/**
 * Checks that a call to an endpoint reaches the upstreams listed in the contract in that order, each exactly once, and
 * no others. If the calls to a TCP upstream can't be counted, one connection to it is enough. Calls at the same time are
 * not mixed up: each sends its own text, if the upstream gets the `${unique}` of a call.
 */
export const endpointsReachUpstreams: BuiltInChecker = {
  name: 'endpoints-reach-upstreams',
  restsOn: ['endpoints-served'],
  usually:
    "The upstream's base URL does not point to the fake, a call is repeated or cached, or the contract lists the wrong upstreams.",
  fix: 'Read the base URL from the environment in every client, switch caches off in the contract, and set `reaches` to the upstreams that the endpoint calls.',
  cases: (facts) => [
    ...seenEndpoints(facts).map((name) => ({
      check: checkOf(name),
      promises: countedUpstreams(facts, name).length > 0 ? [['endpoints', name, 'reaches']] : [],
    })),
    ...connected(facts).map((upstream) => ({
      check: connectsCheck(upstream),
      promises: promisesTo(facts, upstream),
    })),
  ],
  without: 'no endpoint reaches an upstream that the lab has started (`endpoints.NAME.reaches`)',
  judge(history, facts) {
    const all = allCountedUpstreams(facts);
    const ofEndpoints = seenEndpoints(facts).flatMap((name): Finding[] => {
      const apart = callersApart(history, facts, name);
      const phases = history.phases('endpoint', { endpoint: name });
      const calls = history.requestsIn(phases);
      const requests = all.flatMap((upstream) => history.receiptsIn(phases, upstream)).sort((a, b) => a.at - b.at);
      const observed = requests.map(({ upstream }) => upstream).join(', then ') || 'none';
      const reached = countedUpstreams(facts, name);
      const expected = reached.join(', then ') || 'none';
      const judged = { check: checkOf(name), expected, observed, requests: tagsIn(phases) };
      const handshakes = all.flatMap((upstream) => history.endedHandshakesIn(phases, upstream));
      const arrivals = { endpoint: name, expected: reached, requests, handshakes, proxied: proxiedUpstreams(facts) };
      const evidence = [...callHints(arrivals), ...whyNotApart(history, name, apart)];
      const verdict = calls.length !== 1 ? 'INCONCLUSIVE' : observed === expected ? 'PASS' : 'FAIL';
      const uncounted = (facts.contract.endpoints[name]?.reaches ?? []).filter(
        (upstream) => !reached.includes(upstream),
      );
      const changes = verdict === 'FAIL' ? callChanges(arrivals, uncounted) : [];
      const finding: Finding = {
        ...judged,
        verdict,
        ...(evidence.length > 0 && { evidence }),
        ...(changes.length > 0 && { changes }),
      };
      return [finding, ...apart];
    });
    return [...ofEndpoints, ...connections(history, facts)];
  },
};

const checkOf = (endpoint: string): string => `upstreams of ${endpoint}`;
const connectsCheck = (upstream: string): string => `connects to ${upstream}`;

/** Returns the endpoints whose calls can be seen: all of them, or none if no upstream's requests can be counted. */
const seenEndpoints = (facts: Facts): string[] =>
  allCountedUpstreams(facts).length === 0 ? [] : Object.keys(facts.contract.endpoints);

/** Returns the promise to reach an upstream, or an empty list if several endpoints make it: one connection is enough. */
function promisesTo({ contract: { endpoints } }: Facts, upstream: string): PromisePath[] {
  const names = Object.keys(endpoints).filter((name) => endpoints[name]?.reaches.includes(upstream));
  return names.length === 1 ? names.map((name) => ['endpoints', name, 'reaches']) : [];
}

/** Returns the upstreams that endpoints reach and whose calls can't be counted. */
function connected({ contract: { endpoints, upstreams } }: Facts): string[] {
  const reached = new Set(Object.values(endpoints).flatMap(({ reaches }) => reaches));
  return [...reached].filter((name) => upstreams[name]?.tcp !== undefined && upstreams[name].calls === undefined);
}

/**
 * Judges whether the service connected to the upstreams whose calls can't be counted, at its start or later. It may do so
 * only when an endpoint that reaches them is called.
 */
const connections = (history: History, facts: Facts): Finding[] =>
  connected(facts).map((name) => {
    const made = history.receipts('connection', name).length;
    const endpoints = Object.keys(facts.contract.endpoints).filter((endpoint) =>
      facts.contract.endpoints[endpoint]?.reaches.includes(name),
    );
    const phases = endpoints.flatMap((endpoint) => history.phases('endpoint', { endpoint }));
    const wasCalled = history.requestsIn(phases).length > 0;
    return {
      check: connectsCheck(name),
      expected: 'at least 1 connection',
      observed: count(made, 'connection'),
      verdict: made > 0 ? 'PASS' : wasCalled ? 'FAIL' : 'INCONCLUSIVE',
      ...(made === 0 && { evidence: [absence(name, 'connection')] }),
    };
  });
