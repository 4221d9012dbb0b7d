import type { RunResult } from '../../verdict/run-result.ts';
import { annotations, groupBegins, groupEnds } from '../machine/annotations.ts';
import { scenarioTable } from '../text/terminal.ts';
import { type ListOptions, listReporter } from './list.ts';
import type { Reporter, RunPlan } from './reporter.ts';

export interface GithubOptions extends ListOptions {
  /** Writes a GitHub Actions workflow command to standard output. */
  printCommand: (line: string) => void;
}

/**
 * Prints the same as the list reporter, plus each scenario's table in a collapsed group and an annotation for each
 * problem.
 */
export function githubReporter({ printCommand, ...options }: GithubOptions): Reporter {
  const list = listReporter({ ...options, verbose: false });
  let plan: RunPlan | undefined;
  const annotate = (result: RunResult): void => {
    for (const line of annotations(result, plan?.contract ?? '')) printCommand(line);
  };
  return {
    ...list,
    runBegins(begun) {
      plan = begun;
      list.runBegins(begun);
    },
    scenarioEnds(result) {
      list.scenarioEnds(result);
      printCommand(groupBegins(`all checks of ${result.scenario}`));
      options.print(scenarioTable(result, plan?.folder ?? ''));
      printCommand(groupEnds);
    },
    runEnds(result) {
      annotate(result);
      list.runEnds(result);
    },
    runInterrupted(result) {
      annotate({ ...result, scenarios: result.scenarios.filter(({ verdict }) => verdict === 'FAIL') });
      list.runInterrupted(result);
    },
  };
}
