import { reasonIn } from '../../contract/log-reasons.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { BuiltInChecker } from '../lib/checker.ts';
import { secondsBetween } from '../lib/request-times.ts';

/**
 * Checks that the service's process runs until the lab stops it. A service that the lab did not start must keep
 * responding.
 */
export const serviceStaysUp: BuiltInChecker = {
  name: 'service-stays-up',
  usually:
    'The process crashed on an unhandled exception or rejection, or ran out of memory. The end of its log shows which.',
  fix: 'Read the end of `service.log`. Handle the error at its source. A handler for unhandled rejections that continues hides the error.',
  cases: () => [{ check: 'service stays up', promises: [] }],
  judge(history) {
    const events = history.all('service');
    const gone = events.find(({ event, asked }) => event === 'exited' && !asked);
    const judged = { check: 'service stays up', expected: 'it runs until the lab stops it' };
    if (gone) {
      const seconds = ((gone.at - (events[0]?.at ?? gone.at)) / 1_000).toFixed(1);
      const how = gone.signal ? `was killed by ${gone.signal}` : `exited with code ${gone.code}`;
      const observed = `the service ${how} after ${seconds} s, without being stopped by the lab`;
      const evidence = [
        ...(gone.said === undefined ? [] : [`the end of its log: ${gone.said}`]),
        ...lastFault(history, gone.at),
      ];
      return [{ ...judged, verdict: 'FAIL', observed, evidence, ...whyGone(gone.said) }];
    }
    if (events.some(({ event }) => event === 'lost')) {
      return [{ ...judged, verdict: 'FAIL', observed: 'it no longer answers at its ready path' }];
    }
    if (!events.some(({ event }) => event === 'started' || event === 'found')) {
      return [{ ...judged, verdict: 'INCONCLUSIVE', observed: 'it was not running' }];
    }
    return [{ ...judged, verdict: 'PASS', observed: 'it ran throughout' }];
  },
};

/** What the runtimes of programming languages write when they end a process: the pattern, and its meaning. */
const LAST_WORDS: readonly (readonly [RegExp, string])[] = [
  [/unhandled.{0,20}rejection|unhandledRejection/i, 'A rejected promise that nothing awaits ended the process'],
  [
    /fatal error: concurrent map|DATA RACE/,
    'Two threads changed the same map at once, which ended the process: guard it by a lock',
  ],
  [/out of memory|heap limit|OutOfMemoryError|MemoryError/i, 'The process ran out of memory'],
  [
    /^panic: |Traceback \(most recent|Uncaught |Exception in thread|^\w*Error\b/m,
    'An error that nothing handles ended the process',
  ],
];

/** Names the cause that the end of the log shows. */
function whyGone(said = ''): Pick<Finding, 'usually'> {
  const reason = reasonIn([said]);
  if (reason !== undefined) return { usually: reason };
  const found = LAST_WORDS.find(([pattern]) => pattern.test(said));
  return found ? { usually: `${found[1]}. The end of its log says where.` } : {};
}

/** Describes the last fault that an upstream applied before a time, because it may have caused the crash. */
function lastFault(history: History, before: number): string[] {
  const last = history.disruptable().findLast(({ at, faults }) => at <= before && faults.length > 0);
  if (!last) return [];
  const kinds = last.faults.map((fault) => fault.slice(fault.indexOf(':') + 1)).join(', ');
  return [
    `the last fault before it: ${kinds} at ${last.upstream}, ${secondsBetween(last.at, before).toFixed(2)} s earlier`,
  ];
}
