import { entryOf } from '../../base/entry-of.ts';
import { count } from '../../base/in-words.ts';
import { tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, planned } from '../lib/checker.ts';
import { conversationsIn, whyNoCall } from './conversations.ts';

/**
 * Checks that a call of an endpoint ends after the promised number of requests to the model, although each answer calls
 * a tool.
 */
export const toolLoopsEnd: BuiltInChecker = {
  name: 'tool-loops-end',
  restsOn: ['steady-state', 'tools-act'],
  usually: 'The loop has no limit, another limit, or one that failures and repeated requests do not count for.',
  fix: 'Limit the requests to the model for each call, for example with `stopWhen: stepCountIs(5)` in the AI SDK.',
  cases: (facts) =>
    planned(facts, 'tool loop')?.map(({ endpoint }) => ({
      check: checkOf(endpoint),
      promises: [['endpoints', endpoint, 'rounds']],
    })),
  without: 'no endpoint promises the number of requests to the model (endpoints.NAME.rounds)',
  judge: (history, { contract }) =>
    history.phases('tool loop').map((phase): Finding => {
      const { endpoint, upstream } = phase;
      const rounds = entryOf(contract.endpoints, endpoint)?.rounds ?? Number.POSITIVE_INFINITY;
      const judged = {
        check: checkOf(endpoint),
        requests: tagsIn(phase),
        expected: `at most ${count(rounds, 'request')} to ${upstream}`,
      };
      const conversations = conversationsIn(history, phase);
      const why = whyNoCall(conversations, { endpoint, upstream });
      if (why !== undefined) return { ...judged, observed: why, verdict: 'INCONCLUSIVE' };
      const most = Math.max(...conversations.map(({ turns }) => turns.length));
      const isSeen = most > 1 || rounds === 1;
      return {
        ...judged,
        observed: isSeen ? `${count(most, 'request')}` : 'no loop: the results of the tool were not sent to the model',
        verdict: most > rounds ? 'FAIL' : isSeen ? 'PASS' : 'INCONCLUSIVE',
        ...(most > rounds && { usually: most === rounds + 1 ? ONE_MORE : ON_AND_ON }),
      };
    }),
};

const checkOf = (endpoint: string): string => `ends after the promised rounds: ${endpoint}`;

const ONE_MORE =
  'The loop makes one request more than promised: the first or the last one is not counted, or the limit is compared after it.';
const ON_AND_ON = 'The loop has no limit or a much larger one, or its limit does not count each request to the model.';
