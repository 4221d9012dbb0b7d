import { count } from '../../base/in-words.ts';
import type { FaultEvent } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { BuiltInChecker } from '../lib/checker.ts';
import { ifNothingWrong } from './if-nothing-wrong.ts';

/**
 * Checks, based on the receipts, that every requested fault hit a request, and that a fault for the next N requests hit
 * N of them.
 *
 * If requests that should have got a fault arrived without one, the fakes are at fault, and nothing in the run can be
 * trusted. If too few requests arrived, the service may not have made the calls.
 */
export const faultsDelivered: BuiltInChecker = {
  name: 'faults-delivered',
  restsOn: ['service-stays-up'],
  usually:
    'The service never called the upstream: it rejected the call itself, responded from a cache, or the breaker was already open.',
  fix: 'Find out why the call did not arrive: an earlier refusal, a cache or an open breaker. If the endpoint does not call this upstream, correct `reaches`.',
  noDefect: 'judges the fakes: it makes a run INCONCLUSIVE and never blames the service',
  cases: () => [{ check: 'faults delivered', promises: [] }],
  judge(history) {
    const faults = history.all('fault');
    const requested = faults.filter(({ id }) => id !== undefined);
    const missing = requested.flatMap((fault) => {
      const { got, wanted } = delivery(history, fault);
      if (wanted === undefined ? got > 0 : got === wanted) return [];
      const text = `${fault.asked.kind} at ${fault.upstream}: ${got} of ${wanted ?? 'at least 1'} delivered`;
      return [{ text, isPart: got > 0, withheld: got < (wanted ?? 1) && wasWithheld(history, fault) }];
    });
    const judged = { check: 'faults delivered', expected: `${count(requested.length, 'requested fault')} delivered` };
    const delivered = requested.reduce((sum, fault) => sum + delivery(history, fault).got, 0);
    if (missing.length === 0)
      return [
        { ...judged, verdict: ifNothingWrong(history, requested), observed: `all, on ${count(delivered, 'request')}` },
      ];
    const [first = '', ...evidence] = missing.map(({ text }) => text);
    const voids = missing.some(({ withheld }) => withheld);
    return [
      {
        ...judged,
        verdict: 'INCONCLUSIVE',
        observed: first,
        evidence,
        // The service calls the upstream, and may call it more often in another run.
        ...(!missing.some(({ isPart }) => isPart) && { lasting: true as const }),
        ...(voids && { voids: 'everything' as const }),
      },
    ];
  },
};

const carries = ({ faults }: { faults: readonly string[] }, id: string | undefined): boolean =>
  faults.some((fault) => fault.split(':')[0] === id);

function delivery(history: History, { upstream, id, asked }: FaultEvent): { got: number; wanted: number | undefined } {
  const receipts = history.disruptable();
  const got = receipts.filter((receipt) => receipt.upstream === upstream && carries(receipt, id)).length;
  return { got, wanted: typeof asked.next === 'number' ? asked.next : undefined };
}

/** Whether a request arrived without the fault after the fault was set and before the next heal. */
function wasWithheld(history: History, { at, upstream, id }: FaultEvent): boolean {
  const heals = history.all('fault').filter((fault) => fault.id === undefined && fault.upstream === upstream);
  const until = heals.find((healing) => healing.at > at)?.at ?? Number.POSITIVE_INFINITY;
  const due = history.receipts('request', upstream).filter((receipt) => receipt.at > at && receipt.at < until);
  return due.some((receipt) => !carries(receipt, id));
}
