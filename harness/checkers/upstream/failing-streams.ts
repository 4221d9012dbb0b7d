import type { PlannedAction } from '../../contract/phases.ts';
import type { Stream } from '../../contract/schema/stream.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Facts, planned } from '../lib/checker.ts';
import { type FailingCalls, failingCalls } from './failing-calls.ts';

/** Calls that reach a failing upstream, to an endpoint whose response is a stream. */
export interface FailingStreams extends FailingCalls {
  readonly promise: Stream;
}

/** Returns the calls to endpoints with streams that reach a failing upstream. */
export const failingStreams = (history: History, facts: Facts): FailingStreams[] =>
  failingCalls(history, facts).flatMap((calls) => {
    const promise = facts.contract.endpoints[calls.endpoint]?.stream;
    return promise ? [{ ...calls, promise }] : [];
  });

/** Returns the planned phases with such calls, or undefined if there is no plan. */
export const plannedStreams = (facts: Facts): (PlannedAction<'failing'> & { promise: Stream })[] | undefined =>
  planned(facts, 'failing')?.flatMap((phase) => {
    const promise = facts.contract.endpoints[phase.endpoint]?.stream;
    return promise ? [{ ...phase, promise }] : [];
  });

/** Why a contract has no case for checks of streams that fail. */
export const NO_STREAMS = 'no endpoint that reaches an HTTP upstream streams its answer (endpoints.NAME.stream)';

/**
 * Returns a finding about streams of an upstream, unless there are none. An endpoint may also reach upstreams whose
 * responses are not streams. They can't fail like streams if the fault that cuts off streams acted on such a response
 * without effect, and cut off the stream of another upstream of the endpoint.
 */
export function ifStreamed(history: History, path: Path, finding: Finding): Finding {
  const answer = answerTo(history, path);
  if (answer === 'a stream') return finding;
  const hasOther = history
    .phases('failing', { fault: CUTS_STREAMS, endpoint: path.endpoint })
    .some(({ upstream }) => answerTo(history, { ...path, upstream }) === 'a stream');
  const { evidence: _, usually: __, ...judged } = finding;
  return answer === 'whole' && hasOther
    ? {
        ...judged,
        observed: `${path.upstream} sent a complete response, so there was no stream that could fail`,
        verdict: 'PASS',
      }
    : { ...judged, verdict: 'INCONCLUSIVE', evidence: [`${path.upstream} ${NO_STREAM}`] };
}

export const NO_STREAM = 'sent no event stream to cut off';

/** The name of the fault that cuts streams off, and leaves other answers whole. */
const CUTS_STREAMS = 'cut-stream';

type Path = Pick<FailingCalls, 'upstream' | 'endpoint'>;

/** Returns the upstream's answer to this endpoint: whether the fault that cuts streams off has done so. */
function answerTo(history: History, { upstream, endpoint }: Path): 'a stream' | 'whole' | 'unknown' {
  const phases = history.phases('failing', { upstream, fault: CUTS_STREAMS, endpoint });
  const met = history.receiptsIn(phases, upstream).filter(({ faults }) => faults.length > 0);
  if (met.some(({ outcome }) => outcome === 'cut')) return 'a stream';
  return met.length > 0 && met.every(({ outcome }) => outcome === 'answered') ? 'whole' : 'unknown';
}
