import type { Change } from '../../verdict/finding.ts';
import type { ScenarioResult } from '../../verdict/run-result.ts';

/** The lines of a log about breakers, if it has none of the lines that the contract names. */
interface LogHint {
  readonly text: string;
  /** Lines that may be meant. */
  readonly lines: readonly string[];
  /** The change of the contract that stops looking for lines, if no line may be meant. */
  readonly changes: readonly Change[];
}

/** Explains why `transitions-logged` failed in a scenario, with the service's log. Returns undefined if it did not. */
export function logHint(
  { scenario, findings }: Pick<ScenarioResult, 'scenario' | 'findings'>,
  log: string,
): LogHint | undefined {
  if (!findings.some(({ checker, verdict }) => checker === 'transitions-logged' && verdict === 'FAIL'))
    return undefined;
  const lines = log.split('\n').filter((line) => ABOUT_BREAKERS.test(line));
  if (lines.length > 0) return { text: SIMILAR, lines: lines.slice(0, SHOWN), changes: [] };
  const [, breaker] = OUTAGE_OF.exec(scenario) ?? [];
  return { text: NONE, lines, changes: breaker === undefined ? [] : [{ path: ['breakers', breaker, 'log'] }] };
}

const OUTAGE_OF = /^chaos\/(.+)-outage$/;
const ABOUT_BREAKERS = /breaker|circuit|half.?open/i;
const SIMILAR = 'log lines that "log" in the contract may mean:';
const NONE =
  'no log line mentions a breaker: log its transitions to the standard output. If it is not meant to log them, remove "log" from the contract';

/** Maximum number of log lines to show. */
const SHOWN = 6;
