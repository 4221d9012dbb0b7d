import { count } from '../../base/in-words.ts';
import type { ConnectionReceipt, RequestReceipt } from '../../history/events.ts';
import { isPastTheService } from '../../history/past-the-service.ts';
import { upstreamAnswer } from '../../history/upstream-answer.ts';
import type { BuiltInChecker } from '../lib/checker.ts';
import { ifNothingWrong } from './if-nothing-wrong.ts';

/** Maximum number of different responses to list. */
const SHOWN = 5;

/**
 * Checks that everything behind the upstreams responded: the real server behind a `forward` or `tcp` upstream could be
 * reached, and the team's handlers did not throw. Otherwise, the service had no chance to serve its calls, so no failed
 * check can be blamed on it. Requests that the upstream doesn't know (404) are not counted, because the service may
 * have sent a wrong path.
 */
export const upstreamsAvailable: BuiltInChecker = {
  name: 'upstreams-available',
  usually:
    'The real server behind a forwarded upstream was stopped, restarted or is overloaded, or a handler of the team threw an exception.',
  fix: 'Start the real server again, or fix the handler. Its error is in the evidence.',
  noDefect: 'judges the record: it makes a run INCONCLUSIVE and never blames the service',
  cases: ({ contract: { upstreams } }) =>
    Object.keys(upstreams).length > 0 ? [{ check: 'upstreams available', promises: [] }] : [],
  without: 'the contract has no upstreams',
  judge(history) {
    const arrived = history
      .all('receipt')
      .filter((receipt) => receipt.kind === 'request' || receipt.kind === 'connection');
    const lost = arrived.filter(isLost);
    const judged = { check: 'upstreams available', expected: 'every request to an upstream gets a response' };
    if (lost.length === 0) {
      const others = arrived.filter(({ upstream }) => upstream !== 'database');
      return [
        {
          ...judged,
          observed: `${count(others.length, 'arrival')}, none without a response`,
          verdict: ifNothingWrong(history, others),
        },
      ];
    }
    const answers = [...new Set(lost.map(upstreamAnswer))];
    const from = history.all('request')[0]?.at ?? lost[0]?.at ?? 0;
    const [begin, end] = [lost.at(0), lost.at(-1)].map((receipt) =>
      (((receipt?.at ?? from) - from) / 1_000).toFixed(1),
    );
    const times = `${count(lost.length, 'time')}, from ${begin} s to ${end} s after the first request`;
    return [
      {
        ...judged,
        observed: answers[0] ?? '',
        verdict: 'INCONCLUSIVE',
        evidence: [times, ...answers.slice(1, SHOWN)],
        voids: 'everything',
      },
    ];
  },
};

/**
 * The database is the lab's own, and scenarios stop it on purpose. Requests past the service have no body, which a
 * team's handler may not expect.
 */
const isLost = (receipt: RequestReceipt | ConnectionReceipt): boolean =>
  receipt.upstream !== 'database' &&
  receipt.unserved !== undefined &&
  !(receipt.kind === 'request' && (receipt.status === 404 || isPastTheService(receipt)));
