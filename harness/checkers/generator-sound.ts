import type { Checker } from './checker.ts';

/** Exit codes of k6 that say that the script ran to its end: 0, and 99 for thresholds, which are judged by themselves. */
const RAN = [0, 99];

/** The load generator ran its script to the end: no exception, no iteration dropped, not ended from outside. */
export const generatorSound: Checker = (history) => {
  const events = history.all('engine');
  const ended = events.find(({ event }) => event === 'ended');
  const errors = events.flatMap((entry) => (entry.event === 'error' ? [entry.text] : []));
  const dropped = events.reduce((sum, entry) => sum + (entry.event === 'dropped' ? entry.iterations : 0), 0);
  const problems = [
    ...(ended?.event === 'ended' ? endProblems(ended) : ['it was never seen to end']),
    ...errors,
    ...(dropped > 0 ? [`${dropped} iterations were dropped`] : []),
  ];
  const judged = { check: 'generator sound', expected: 'the script runs to its end without an exception' };
  if (problems.length === 0) return [{ ...judged, verdict: 'PASS', observed: 'it did' }];
  const [first = '', ...evidence] = problems;
  return [{ ...judged, verdict: 'INCONCLUSIVE', observed: first, evidence }];
};

function endProblems(ended: { code: number | null; signal: string | null; why?: string | undefined }): string[] {
  if (ended.why !== undefined) return [`the lab ended it: ${ended.why}`];
  if (ended.signal) return [`killed by ${ended.signal}`];
  return RAN.includes(ended.code ?? -1) ? [] : [`exit code ${ended.code}`];
}
