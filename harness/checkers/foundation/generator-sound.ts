import type { BuiltInChecker } from '../lib/checker.ts';

/**
 * k6's exit codes for a script that ran to completion: 0, and 99 for failed thresholds, which are judged separately.
 */
const RAN = [0, 99];
/** k6's exit code for a script that called `exec.test.abort()`. */
const ABORTED = 108;

/**
 * Checks that the load generator ran its script to completion, without exceptions, refused values of metrics or dropped
 * iterations, and without being killed. If it didn't, parts of the script never ran and some calls were not counted, so
 * no check can blame the service.
 */
export const generatorSound: BuiltInChecker = {
  name: 'generator-sound',
  restsOn: ['service-stays-up'],
  usually:
    'The script threw an exception or added a value that is not a number to a metric, or the lab stopped it at its time limit because a call never returned.',
  fix: 'Read the error in the evidence. If a call never returned, look at the failed checks about timeouts first. If the script is your own, fix it.',
  noDefect: 'judges the generator: it makes a run INCONCLUSIVE and never blames the service',
  cases: () => [{ check: 'script ran to its end', promises: [] }],
  judge(history) {
    const events = history.all('engine');
    const ended = events.find(({ event }) => event === 'ended');
    const errors = events.flatMap((entry) => (entry.event === 'error' ? [entry.text] : []));
    const dropped = events.reduce((sum, entry) => sum + (entry.event === 'dropped' ? entry.iterations : 0), 0);
    const cut = [...(ended?.event === 'ended' ? endProblems(ended) : ['its end was not recorded']), ...errors];
    const problems = [...cut, ...(dropped > 0 ? [`${dropped} iterations were dropped`] : [])];
    const judged = { check: 'script ran to its end', expected: 'the script runs to its end without an exception' };
    if (problems.length === 0) return [{ ...judged, verdict: 'PASS', observed: 'it did' }];
    const [first = '', ...evidence] = problems;
    const voids = cut.length > 0 && { voids: 'everything' as const };
    const [threw] = events.flatMap((entry) => (entry.event === 'error' && !entry.refusedValue ? [entry.text] : []));
    const wasStopped =
      ended?.event === 'ended' && (ended.why !== undefined || ended.signal !== null || ended.code === ABORTED);
    const usually = threw !== undefined && !wasStopped && { usually: whyThrown(threw) };
    return [{ ...judged, verdict: 'INCONCLUSIVE', observed: first, evidence, lasting: true, ...voids, ...usually }];
  },
};

/** States that an exception is a defect of the scenario or the contract. `text` includes its stack. */
const whyThrown = (text: string): string =>
  `The script ended with "${text.split('\n', 1)[0]?.replace('Uncaught (in promise) ', '')}". This is a defect of the scenario, or the contract lacks something that it needs. It proves nothing about the service, and a busy machine is not the reason: another run will hardly help.`;

function endProblems(ended: { code: number | null; signal: string | null; why?: string | undefined }): string[] {
  if (ended.why !== undefined) return [`the lab stopped it: ${ended.why}`];
  if (ended.signal) return [`killed by ${ended.signal}`];
  if (ended.code === ABORTED) return ['the script ended itself'];
  return RAN.includes(ended.code ?? -1) ? [] : [`exit code ${ended.code}`];
}
