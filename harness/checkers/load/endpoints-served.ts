import type { Finding } from '../../verdict/finding.ts';
import { type Checker, tally } from '../lib/checker.ts';
import { phaseOf } from '../lib/endpoint-phase.ts';
import { whyRefused } from './why-refused.ts';

/** Checks that each endpoint responds with one of the statuses that count as served according to the contract. */
export const endpointsServed: Checker = {
  name: 'endpoints-served',
  restsOn: ['service-stays-up'],
  usually:
    'The path, method, body or credentials in the contract are wrong, or the service could not reach its database or upstream.',
  judge: (history, { contract }) =>
    Object.entries(contract.endpoints).map(([name, { method, path, served }]): Finding => {
      const statuses = history.requests({ phase: phaseOf(name) }).map(({ status }) => status);
      const failed = statuses.filter((status) => !served.includes(status));
      const why = whyRefused(contract, name, failed);
      return {
        check: `serves ${name}`,
        requests: [{ phase: phaseOf(name) }],
        expected: `${method} ${path}: ${served.join(' or ')}`,
        observed: tally(statuses),
        verdict: statuses.length === 0 ? 'INCONCLUSIVE' : failed.length === 0 ? 'PASS' : 'FAIL',
        ...(why !== undefined && { evidence: [why] }),
      };
    }),
};
