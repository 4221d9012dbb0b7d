import { annotations, groupBegins, groupEnds } from '../machine/annotations.ts';
import { scenarioTable } from '../text/terminal.ts';
import { type ListOptions, listReporter } from './list.ts';
import type { Reporter } from './reporter.ts';

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
  let folder = '';
  return {
    ...list,
    runBegins(plan) {
      folder = plan.folder;
      list.runBegins(plan);
    },
    scenarioEnds(result) {
      list.scenarioEnds(result);
      printCommand(groupBegins(`all checks of ${result.scenario}`));
      options.print(scenarioTable(result, folder));
      printCommand(groupEnds);
    },
    runEnds(result) {
      for (const line of annotations(result)) printCommand(line);
      list.runEnds(result);
    },
  };
}
