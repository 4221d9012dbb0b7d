import { fallbackOf } from '../../contract/schema/fallback.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { BuiltInChecker, Facts } from '../lib/checker.ts';
import { fallbackCalls, orderOf, placeOf } from './fallback-calls.ts';

/**
 * Checks that each response names the upstream or model that produced it, so that a caller notices a downgrade: every
 * response has a name, and responses of different upstreams have different names.
 */
export const fallbackTold: BuiltInChecker = {
  name: 'fallback-told',
  restsOn: ['steady-state', 'falls-back'],
  usually: 'The response names the requested model instead of the model that answered, or no model at all.',
  fix: 'Take the name of the model from the response that is passed on, not from the request.',
  cases: (facts) =>
    tellingEndpoints(facts).map((endpoint) => ({
      check: checkOf(endpoint),
      promises: [placeOf(facts, endpoint, 'told')],
    })),
  without: 'no endpoint promises that its response names the upstream (endpoints.NAME.fallback.told)',
  judge: (history, facts) => tellingEndpoints(facts).map((endpoint) => judge(history, facts, endpoint)),
};

const tellingEndpoints = ({ contract: { endpoints } }: Facts): string[] =>
  Object.keys(endpoints).filter((name) => fallbackOf(endpoints[name]?.fallback)?.told);

const checkOf = (endpoint: string): string => `says who answered: ${endpoint}`;

function judge(history: History, facts: Facts, endpoint: string): Finding {
  const order = orderOf(facts, endpoint);
  const answers = answersOf(history, facts, endpoint);
  const byUpstream = order
    .map((upstream) => ({
      upstream,
      said: new Set(answers.filter((answer) => answer.by === upstream).map(({ said }) => said)),
    }))
    .filter(({ said }) => said.size > 0);
  const isSilent = answers.some(({ said }) => said === '');
  const isSame = byUpstream.some(({ said }, index) =>
    byUpstream.slice(index + 1).some((other) => !said.isDisjointFrom(other.said)),
  );
  return {
    check: checkOf(endpoint),
    requests: tagsIn([...new Set(answers.map(({ phase }) => phase))]),
    expected: 'each upstream has its own name in the answers',
    observed:
      byUpstream
        .map(({ upstream, said }) => `${upstream}: ${[...said].map((text) => text || 'nothing').join(', ')}`)
        .join('; ') || 'no answer',
    verdict: isSilent || isSame ? 'FAIL' : byUpstream.length > 1 ? 'PASS' : 'INCONCLUSIVE',
  };
}

/** Returns the name in each response, and the upstream that produced it according to the receipts. */
function answersOf(history: History, facts: Facts, endpoint: string) {
  const calls = fallbackCalls(history, facts).filter((call) => call.endpoint === endpoint);
  return calls.flatMap(({ phase, order, server }) => [
    ...(server === undefined ? [] : saidIn(history, phase, 'failing', order.slice(order.indexOf(server)))),
    ...history.related('after', phase).flatMap((after) => saidIn(history, after, 'again', order)),
  ]);
}

/** Returns nothing if a later upstream was called as well: on a busy machine, the first one may have timed out. */
function saidIn(
  history: History,
  phase: PhaseEntry,
  about: string,
  [by = '', ...later]: readonly string[],
): { phase: PhaseEntry; by: string; said: string }[] {
  const isCalled = (upstream: string) => history.receiptsIn(phase, upstream).length > 0;
  if (!isCalled(by) || later.some(isCalled)) return [];
  return history
    .metricIn('answers_told', phase, { about })
    .map(({ tags: { told: said = '' } }) => ({ phase, by, said }));
}
