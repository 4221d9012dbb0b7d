import { Command, Option } from 'commander';
import { problemLines } from '../report/show.ts';
import { paint } from '../report/terminal.ts';
import { tellGitHub } from '../report/write-report.ts';
import { run } from '../run.ts';
import { SUITES } from '../scenario.ts';
import { interruption } from './interruption.ts';
import { EXIT_OF, type LabFlags, labOptions, runOptions } from './lab-options.ts';
import { jsonOption } from './options.ts';
import { watcherFor } from './watcher-for.ts';

interface Flags extends LabFlags {
  quiet?: boolean;
  json?: boolean;
}

/** `proofload run`: runs scenarios and says what came of it. */
export const runScenarios = (): Command =>
  labOptions(new Command('run'))
    .description('Runs suites or single scenarios, and says PASS, FAIL or INCONCLUSIVE.')
    .argument('<scenario...>', `suites (${SUITES.join(', ')}) or scenarios, such as chaos/llm-outage`)
    .addOption(new Option('--quiet', 'says nothing before the verdict, and only what did not pass'))
    .addOption(jsonOption())
    .addHelpText('after', '\nExit codes: 0 PASS, 99 FAIL, 3 INCONCLUSIVE, 2 wrong usage or configuration, 1 no lab.')
    .action(async (scenarios: string[], flags: Flags) => {
      using watcher = watcherFor(flags);
      const result = await run({
        ...runOptions(flags, scenarios),
        say: flags.quiet || flags.json ? () => {} : console.log,
        watcher,
        signal: interruption(watcher),
      });
      const { verdict, stopped } = result;
      await tellGitHub(result, process.env, flags.json ? () => {} : console.log);
      if (flags.json) console.log(JSON.stringify(result, null, 2));
      else {
        if (flags.quiet) for (const line of problemLines(result)) console.log(line);
        console.log(`${flags.quiet ? '' : '\n'}${paint(verdict)}${stopped === undefined ? '' : `: ${stopped}`}`);
      }
      process.exitCode = EXIT_OF[verdict];
    });
