import { formatDuration } from '../base/duration.ts';
import { EXIT_CODES, type ExitCode } from '../base/exit-codes.ts';
import type { Strictness } from '../options/strictness.ts';
import type { ThresholdSet } from '../thresholds/threshold-set.ts';
import type { Test } from '../vu/test.ts';

/** A reason why a strict run does not pass although it would pass in k6, with the exit code to use. */
export interface Objection {
  readonly message: string;
  readonly exitCode: ExitCode;
}

/** Returns the objections to a strict run, the most severe first. Returns an empty list if the run is not strict. */
export function objectionsTo(test: Test, thresholds: ThresholdSet): Objection[] {
  const { strict } = test.options;
  if (!strict) return [];
  const inconclusive = (message: string) => ({ message, exitCode: EXIT_CODES.inconclusive });
  const threw = countOf(test.strictMetrics?.iterationExceptions.sink);
  return [
    ...(threw > 0 ? [{ message: `${threw} iterations threw an exception`, exitCode: EXIT_CODES.scriptException }] : []),
    ...withoutSamples(thresholds).map(inconclusive),
    ...missed(test, strict).map(inconclusive),
  ];
}

/** Returns a warning for each threshold that has no samples, since it proves nothing even if it was met. */
export const withoutSamples = (thresholds: ThresholdSet): string[] =>
  thresholds.all
    .filter(({ isProved }) => !isProved)
    .map(
      ({ selector, expression }) =>
        `the threshold '${expression}' on ${selector} proves nothing: there were no samples`,
    );

function missed({ counts, metrics }: Test, { maxLate, maxMissed }: Strictness): string[] {
  const dropped = countOf(metrics.droppedIterations.sink);
  const due = counts.get('iterationsCompleted') + counts.get('iterationsInterrupted') + dropped;
  const late = counts.get('iterationsLate');
  if (dropped + late <= maxMissed * due) return [];
  return [
    `the schedule was not kept: of ${due} iterations ${dropped} were dropped and ${late} started more than ${formatDuration(maxLate)} late; at most ${maxMissed * 100} % may miss it`,
  ];
}

const countOf = (sink: Test['metrics']['iterations']['sink'] | undefined): number => sink?.aggregate('count', 1) ?? 0;
