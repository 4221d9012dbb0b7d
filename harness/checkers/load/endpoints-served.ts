import { beginningOf } from '../../base/in-words.ts';
import type { MetricSample } from '../../history/events.ts';
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
      const phase = phaseOf(name);
      const statuses = history.requests({ phase }).map(({ status }) => status);
      const failed = statuses.filter((status) => !served.includes(status));
      const why = whyRefused(contract, name, failed) ?? [];
      const evidence = [why, history.metric('unexpected_status', { phase }).map(answerShown)].flat();
      return {
        check: `serves ${name}`,
        requests: [{ phase }],
        expected: `${method} ${path}: ${served.join(' or ')}`,
        observed: tally(statuses),
        verdict: statuses.length === 0 ? 'INCONCLUSIVE' : failed.length === 0 ? 'PASS' : 'FAIL',
        ...(evidence.length > 0 && { evidence }),
      };
    }),
};

const answerShown = ({ value: status, tags: { body = '' } }: MetricSample): string =>
  `${status} with the body: ${beginningOf(body)}`;
