import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import type { Stream } from '../../../../harness/contract/schema/stream.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { begun, metric, receipt, request } from '../../../support/history.ts';
import { factsOf as factsOfAssistant } from './leavers.ts';

type Endpoint = Facts['contract']['endpoints'][string];

/** Facts about a service whose endpoint `chat` streams the answer of `llm`, with other promises about its streams. */
export function factsOf(
  stream: Partial<Stream> = {},
  servedWithout: string[] = [],
  fallback?: Endpoint['fallback'],
): Facts {
  const facts = factsOfAssistant();
  const chat = facts.contract.endpoints.chat as Endpoint;
  const changed = { ...chat, servedWithout, fallback, stream: { ...(chat.stream as Stream), ...stream } };
  return { ...facts, contract: { ...facts.contract, endpoints: { ...facts.contract.endpoints, chat: changed } } };
}

/** A call that meets a failing stream, and one without a fault. */
export interface Failing {
  fault?: string;
  upstream?: string;
  endpoint?: string;
  /** The outcome of the call that fails: its status, duration, error, and how its stream ends. */
  status?: number;
  ms?: number;
  tags?: Record<string, string>;
  isReported?: boolean;
  isComplete?: boolean;
  /** When its requests arrive at the upstream. */
  arrives?: number[];
  /** Another upstream that is called as well, 40 ms after the phase began. */
  substitute?: string;
  /** When the first byte of a complete answer arrives, in milliseconds after the phase began. */
  began?: number;
  /** Whether the fault that cuts a stream off has done so. */
  isCut?: boolean;
  /** The outcome of the other call. */
  again?: number;
  isWhole?: boolean;
}

/** Returns the history of these calls, each in its phase: 1, 2 and so on. The stream that is cut off is cut off. */
export function historyOf(...all: Failing[]): HistoryEvent[] {
  let receipts = 0;
  return all.flatMap(({ fault = 'cut-stream', upstream = 'llm', endpoint = 'chat', ...seen }, index) => {
    const { status = 200, ms = 50, tags = {}, isReported = false, isComplete = false } = seen;
    const { began = 60 } = seen;
    const { arrives = [20], isCut = fault === 'cut-stream', again = 200, isWhole = true } = seen;
    const phase = String(index + 1);
    const from = index * 100_000;
    const arrived = arrives.map((at, number) => ({
      ...receipt(receipts + number + 1, from + at, 5, upstream, [`f${index + 1}:${fault}`]),
      outcome: isCut ? ('cut' as const) : ('answered' as const),
    }));
    const entry = begun(index + 1, { action: 'failing', upstream, fault, endpoint }, from, receipts);
    receipts += arrived.length;
    const moved = seen.substitute ? [receipt(receipts + 1, from + 40, 5, seen.substitute)] : [];
    receipts += moved.length + 1;
    return [
      entry,
      request(from + 10, ms, status, { phase, endpoint, about: 'failing', ...tags }),
      ...(isReported ? [metric('errors_in_streams', from + 60, 1, { phase })] : []),
      ...(isComplete
        ? [
            metric('complete_streams', from + 60, 1, { phase, about: 'failing' }),
            metric('complete_stream_receiving_ms', from + 60, 10 + ms - began, { phase, about: 'failing' }),
          ]
        : []),
      ...arrived,
      ...moved,
      request(from + 60_000, 40, again, { phase, endpoint, about: 'again' }),
      ...(isWhole ? [metric('complete_streams', from + 60_060, 1, { phase, about: 'again' })] : []),
      receipt(receipts, from + 60_010, 5, upstream),
      begun(index + 101, { action: 'end' }, from + 70_000, receipts),
    ];
  });
}
