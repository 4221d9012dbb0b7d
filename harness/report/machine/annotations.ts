import { relative, resolve, sep } from 'node:path';
import { escapeControls } from '../../base/controls.ts';
import { problemsOf } from '../../verdict/causes.ts';
import { notJudgedIn, tallyOf, unmet } from '../../verdict/coverage.ts';
import type { RunResult } from '../../verdict/run-result.ts';
import { problemText } from './problem-text.ts';

/**
 * Returns workflow commands for GitHub Actions: one for each check that did not pass (an error for FAIL, a warning for
 * INCONCLUSIVE), one for each required scenario that was not judged, and a notice about everything else that was not
 * judged. GitHub shows those of checks and scenarios at the contract, which makes the promise.
 *
 * @param contract The contract's path, relative to the working directory.
 * @param workspace The folder of the repository.
 */
export function annotations(
  result: RunResult,
  contract: string,
  workspace = process.env.GITHUB_WORKSPACE ?? '',
): string[] {
  const file = fileProperty(contract, workspace);
  const problems = problemsOf(result.scenarios).map(({ scenario, finding }) => {
    const level = finding.verdict === 'FAIL' ? 'error' : 'warning';
    const title = property(`${finding.verdict}: ${scenario.scenario}: ${finding.check}`);
    return `::${level} ${file}title=${title}::${data(problemText(scenario, finding))}`;
  });
  const required = unmet(result).map(
    ({ name, because }) =>
      `::warning ${file}title=${property(`INCONCLUSIVE: ${name}: required, but not judged`)}::${data(because)}`,
  );
  const rest = notJudgedIn(result.coverage);
  const notice = `::notice title=${property(`${result.verdict}: ${tallyOf(result)}`)}::${data(rest)}`;
  return [...problems, ...required, ...(rest === '' ? [] : [notice])];
}

/**
 * Returns the property with a file's path in the repository. Returns nothing for a file that is not part of it, such as
 * a contract of a package, because GitHub could not show it.
 */
function fileProperty(path: string, workspace: string): string {
  const steps = relative(resolve(workspace), resolve(path)).split(sep);
  return steps[0] === '..' || steps.includes('node_modules') ? '' : `file=${property(steps.join('/'))},`;
}

/** Starts a group of lines that is collapsed in the log. */
export const groupBegins = (title: string): string => `::group::${data(title)}`;
export const groupEnds = '::endgroup::';

const data = (text: string): string =>
  escapeControls(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
