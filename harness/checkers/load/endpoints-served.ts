import { isPlainText } from '../../../faults/receipts/receipt.ts';
import { beginningOf } from '../../base/in-words.ts';
import { statusText } from '../../callers/meaning-of.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { MetricSample } from '../../history/events.ts';
import { type History, type Phases, tagsIn } from '../../history/history.ts';
import { upstreamAnswer } from '../../history/upstream-answer.ts';
import type { Change, Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, servedCases, tally } from '../lib/checker.ts';
import { proxiedUpstreams, whyNotThroughProxy } from '../lib/proxied.ts';
import { changesOf, refusedIn, unknownModels } from './unknown-models.ts';
import { whyRefused } from './why-refused.ts';

/** Checks that each endpoint responds with one of the statuses that count as served according to the contract. */
export const endpointsServed: BuiltInChecker = {
  name: 'endpoints-served',
  restsOn: ['service-stays-up'],
  usually:
    'The path, method, body or credentials in the contract are wrong, or the service could not reach its database or upstream.',
  fix: 'Send the same request by hand: `npx proofload doctor` shows the response. Correct the endpoint in the contract, or add the missing setting when you start the service.',
  cases: (facts) => servedCases(facts, checkOf),
  judge(history, { contract }) {
    const unknown = unknownModels(history, contract);
    return Object.entries(contract.endpoints).map(([name, { method, path, served }]): Finding => {
      const phases = history.phases('endpoint', { endpoint: name });
      const calls = history.requestsIn(phases);
      const statuses = calls.map(({ status }) => status);
      const failed = statuses.filter((status) => !served.includes(status));
      const why = whyRefused(contract, name, failed) ?? [];
      const verdict = statuses.length === 0 ? 'INCONCLUSIVE' : failed.length === 0 ? 'PASS' : 'FAIL';
      const refused = verdict === 'FAIL' ? refusedIn(history, phases, contract) : [];
      const models = refused.flatMap((receipt) => unknown.get(receipt.upstream) ?? []);
      const changes =
        verdict === 'PASS' ? streamsIn(history, name) : [...otherSuccess(name, statuses), ...changesOf(models)];
      const evidence = [
        ...new Set(refused.map(upstreamAnswer)),
        ...new Set(models.map(({ hint }) => hint)),
        ...[why, history.metricIn('unexpected_status', phases).map(answerShown)].flat(),
      ];
      const usually =
        verdict === 'FAIL' && failed.every(isOwnError) ? whyUnreached(history, phases, contract, name) : [];
      return {
        check: checkOf(name),
        requests: tagsIn(phases),
        expected: `${method} ${path}: ${served.join(' or ')}`,
        observed: tally(calls.map(answerOf)),
        verdict,
        ...(evidence.length > 0 && { evidence }),
        ...(changes.length > 0 && { changes }),
        ...(usually.length > 0 && { usually: usually.join(' ') }),
      };
    });
  },
};

const checkOf = (endpoint: string): string => `serves ${endpoint}`;

/** Whether a status says that the service itself failed, so that it may have got as far as its upstreams. */
const isOwnError = (status: number): boolean => status >= 500;

const whyPlain = (upstream: string): string =>
  `The service sent plain text to ${upstream}, which is served over TLS: its base URL begins with http:// instead of https://, or TLS is not switched on for this upstream. If it is called without TLS on purpose, write \`upstreams.${upstream}.tls: false\`.`;

/** Returns which upstreams an endpoint did not reach, and why, as far as connections show it. */
function whyUnreached(history: History, phases: Phases, contract: Facts['contract'], endpoint: string): string[] {
  const proxied = proxiedUpstreams({ contract });
  return (contract.endpoints[endpoint]?.reaches ?? [])
    .filter((upstream) => history.receiptsIn(phases, upstream).length === 0)
    .flatMap((upstream) => {
      const ended = history.endedHandshakesIn(phases, upstream);
      if (ended.length === 0) return proxied.includes(upstream) ? [whyNotThroughProxy(upstream)] : [];
      return ended.some((receipt) => receipt.kind === 'handshake-failed' && isPlainText(receipt))
        ? [whyPlain(upstream)]
        : [whyRefusedCertificate(upstream)];
    });
}

const whyRefusedCertificate = (upstream: string): string =>
  `The service ended its connection to ${upstream} in or right after the TLS handshake: it does not trust the lab's CA (\${ca}), or expects another host name in the certificate than that of \${upstream.${upstream}}, such as the name of an \`upstream\` block without \`proxy_ssl_name\` in nginx.`;

/** Returns the change for a success that differs from the contract, such as 201 instead of 200. */
function otherSuccess(endpoint: string, statuses: readonly number[]): Change[] {
  const [status = 0, another] = new Set(statuses);
  const isSuccess = another === undefined && status >= 200 && status < 300;
  return isSuccess ? [{ path: ['endpoints', endpoint, 'served'], value: [status] }] : [];
}

/**
 * Returns the change that describes a stream, if the contract doesn't. The script notes whether it ends with [DONE].
 */
const streamsIn = (history: History, endpoint: string): Change[] =>
  history
    .metricIn('undescribed_stream', history.phases('endpoint', { endpoint }))
    .map(({ value: isDone, tags: { format = '' } }) => ({
      path: ['endpoints', endpoint, 'stream'],
      value: { format, ...(isDone === 1 && { end: '[DONE]' }) },
    }));

const answerShown = ({ value: status, tags: { body = '' } }: MetricSample): string =>
  `${statusText(status)} with the body: ${beginningOf(body)}`;
