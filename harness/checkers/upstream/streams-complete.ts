import type { Stream } from '../../contract/schema/stream.ts';
import type { Tags } from '../../contract/tags.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, isServed, planned } from '../lib/checker.ts';
import { failingCalls } from './failing-calls.ts';

/** Checks that an answer without a fault is a stream in the promised format, and that it ends as promised. */
export const streamsComplete: BuiltInChecker = {
  name: 'streams-complete',
  restsOn: ['endpoints-served'],
  usually:
    'The format or the last event in the contract differs from what the service sends, or the service omits the last event.',
  fix: 'Compare a stream of the service (`curl -N`) with `stream` in the contract: its format, and the event that ends it.',
  cases: (facts) =>
    streaming(facts).map(({ endpoint }) => ({
      check: checkOf(endpoint),
      promises: [['endpoints', endpoint, 'stream']],
    })),
  without: 'no endpoint that the scenario calls streams its answer (endpoints.NAME.stream)',
  judge: (history, facts) =>
    streaming(facts).map(({ endpoint, stream }): Finding => {
      const requests = withoutFault(history, facts, endpoint);
      const served = requests.flatMap((tags) => history.requests(tags).filter((call) => isServed(facts, call))).length;
      const complete = requests.flatMap((tags) => history.metric('complete_streams', tags)).length;
      const failed = requests.flatMap((tags) => history.metric('errors_in_streams', tags)).length;
      const events = stream.format === 'sse' ? 'server-sent events' : 'lines of JSON';
      return {
        check: checkOf(endpoint),
        requests,
        expected: stream.end === undefined ? events : `${events}, the last with ${stream.end}`,
        observed: `${complete} of ${served} answers without a fault`,
        verdict: served === 0 ? 'INCONCLUSIVE' : complete >= served ? 'PASS' : 'FAIL',
        ...(complete < served && failed > 0 && { usually: whyFailed(failed, served) }),
      };
    }),
};

const whyFailed = (failed: number, served: number): string =>
  `${failed} of ${served} streams contain an event with an error, although nothing failed: the service breaks them off, or takes the end of the upstream's stream for a failure.`;

const checkOf = (endpoint: string): string => `complete stream: ${endpoint}`;

/** Returns the endpoints with streams: those that meet failing upstreams if the scenario plans that, otherwise all. */
function streaming(facts: Facts): { endpoint: string; stream: Stream }[] {
  const failing = new Set(planned(facts, 'failing')?.map(({ endpoint }) => endpoint));
  return Object.entries(facts.contract.endpoints).flatMap(([endpoint, { stream }]) =>
    stream && (failing.size === 0 || failing.has(endpoint)) ? [{ endpoint, stream }] : [],
  );
}

/** Returns the tags of the calls to an endpoint that scenarios make while nothing is broken. */
const withoutFault = (history: History, facts: Facts, endpoint: string): Tags[] => [
  ...tagsIn(history.phases('endpoint', { endpoint })),
  ...failingCalls(history, facts)
    .filter((calls) => calls.endpoint === endpoint)
    .flatMap(({ phase }) => tagsIn(phase, { about: 'again' })),
];
