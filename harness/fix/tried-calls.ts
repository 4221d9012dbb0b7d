import type { Facts } from '../checkers/lib/checker.ts';
import { type FailingCalls, failingCalls } from '../checkers/upstream/failing-calls.ts';
import { type Failure, failureIn } from '../checkers/upstream/failure.ts';
import type { History } from '../history/history.ts';
import { tells } from '../history/tells.ts';

/** A call of an endpoint that reached a failing upstream, and the number of its requests. */
export interface TriedCall {
  readonly upstream: string;
  readonly endpoint: string;
  readonly failure: Failure;
  /** The requests that the fault acted on. */
  readonly requests: number;
  /** Whether the call has ended: the caller got a response, and no request reached the upstream later. */
  readonly isOver: boolean;
  readonly seconds: number;
}

/** Returns the calls in a history that reached a failing upstream, according to the receipts of the fakes. */
export const triedCalls = (history: History, facts: Facts): TriedCall[] =>
  failingCalls(history, facts).flatMap((calls) => {
    const failure = failureIn(history, facts, calls);
    const [call, another] = calls.failing;
    if (failure === undefined || call === undefined || another !== undefined || calls.met.length === 0) return [];
    const { upstream, endpoint, met } = calls;
    // An endpoint may list an upstream more than once, if it makes several requests to it.
    const each = Math.max(
      1,
      facts.contract.endpoints[endpoint]?.reaches.filter((reached) => reached === upstream).length ?? 1,
    );
    return [
      { upstream, endpoint, failure, requests: met.length, isOver: isOver(calls, each), seconds: call.ms / 1_000 },
    ];
  });

const isOver = ({ failing, again, reached, met }: FailingCalls, each: number): boolean =>
  failing.every((call) => tells(call) && call.status !== 0) && reached.length - met.length <= again.length * each;
