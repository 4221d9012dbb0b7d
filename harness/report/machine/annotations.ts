import { escapeControls } from '../../base/print.ts';
import { notJudgedIn, tallyOf, unmet } from '../../verdict/coverage.ts';
import type { RunResult } from '../../verdict/run-result.ts';
import { problemsOf } from '../text/summary.ts';
import { problemText } from './problem-text.ts';

/**
 * Returns workflow commands for GitHub Actions: one for each check that did not pass (an error for FAIL, a warning for
 * INCONCLUSIVE), one for each required scenario that was not judged, and a notice about everything else that was not
 * judged.
 */
export function annotations(result: RunResult): string[] {
  const problems = problemsOf(result).map(({ scenario, finding }) => {
    const level = finding.verdict === 'FAIL' ? 'error' : 'warning';
    const title = property(`${finding.verdict}: ${scenario.scenario}: ${finding.check}`);
    const file = scenario.script === undefined ? '' : `file=scenarios/${property(scenario.script)}.ts,`;
    return `::${level} ${file}title=${title}::${data(problemText(scenario, finding))}`;
  });
  const required = unmet(result).map(
    ({ name, because }) =>
      `::warning title=${property(`INCONCLUSIVE: ${name}: required, but not judged`)}::${data(because)}`,
  );
  const rest = notJudgedIn(result.coverage);
  const notice = `::notice title=${property(`${result.verdict}: ${tallyOf(result)}`)}::${data(rest)}`;
  return [...problems, ...required, ...(rest === '' ? [] : [notice])];
}

/** Starts a group of lines that is collapsed in the log. */
export const groupBegins = (title: string): string => `::group::${data(title)}`;
export const groupEnds = '::endgroup::';

const data = (text: string): string =>
  escapeControls(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
