import { type Checker, type Finding, tally } from './checker.ts';

/** An endpoint that speaks for a user refuses a request without any proof of it: in a phase of its own, once. */
export const endpointsAskForProof: Checker = (history, { contract: { authentication, endpoints } }) => {
  if (!authentication) throw new Error('the contract describes no authentication');
  return Object.entries(endpoints).flatMap(([name, { user, served }]): Finding[] => {
    if (user === undefined) return [];
    const statuses = history.requests({ phase: `without proof: ${name}` }).map(({ status }) => status);
    const judged = { check: `asks for proof: ${name}`, expected: '4xx without a token', observed: tally(statuses) };
    if (statuses.some((status) => served.includes(status))) return [{ ...judged, verdict: 'FAIL' }];
    const isRefused =
      statuses.length > 0 && statuses.every((status) => status >= 400 && status < 500 && status !== 429);
    return [{ ...judged, verdict: isRefused ? 'PASS' : 'INCONCLUSIVE' }];
  });
};
