import { errorsFirst } from '../base/names-error.ts';
import { type Facts, isServed } from '../checkers/lib/checker.ts';
import { reasonIn } from '../contract/log-reasons.ts';
import type { RequestSample } from '../history/events.ts';
import type { History } from '../history/history.ts';
import type { Finding } from '../verdict/finding.ts';

/** How long after a response the log may say why it failed, in milliseconds: it is written and read by others. */
const LATER_MS = 250;

/** How many lines of the log to show. */
const SHOWN = 3;

/** The lines of the service's log from the moment of a call that was not served, as evidence, and the reason in words. */
interface Said {
  readonly evidence: readonly string[];
  /** Absent if the log names none that is known, or if the lab may have caused the error. */
  readonly reason?: string;
}

/**
 * Returns what the service's log said during the first call of a finding that was not served and left a line. While
 * something is broken, only calls count that the service did not expect to fail: those with 500 or without a response.
 *
 * @param isWhole Whether nothing was broken meanwhile, so that the log's error is the reason.
 */
export function saidMeanwhile(
  history: History,
  facts: Facts,
  { requests = [], verdict }: Finding,
  isWhole: boolean,
): Said {
  const lines = verdict === 'PASS' ? [] : history.all('log');
  if (lines.length === 0) return { evidence: [] };
  const isUnserved = (call: RequestSample): boolean =>
    !isServed(facts, call) && (isWhole || call.status === 500 || call.status === 0);
  for (const call of requests.flatMap((tags) => history.sent(tags)).filter(isUnserved)) {
    const until = call.at + call.ms + LATER_MS;
    const said = errorsFirst([
      ...new Set(lines.filter(({ at }) => at >= call.at && at <= until).map(({ text }) => text)),
    ]);
    if (said.length === 0) continue;
    const reason = isWhole ? reasonIn(said) : undefined;
    const evidence = said.slice(0, SHOWN).map((text) => `the service's log, meanwhile: ${text}`);
    return { evidence, ...(reason !== undefined && { reason }) };
  }
  return { evidence: [] };
}
