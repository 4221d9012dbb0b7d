import { Command, Option } from 'commander';
import { print, printCommand, printJson } from '../base/print.ts';
import { SUITES } from '../contract/scenario-names.ts';
import { countRepeats, repeatsTable } from '../report/repeats.ts';
import { problemLines } from '../report/show.ts';
import { summarizeRepeats } from '../report/summarize-repeats.ts';
import { paint } from '../report/text/terminal.ts';
import { tellGitHub } from '../report/write-report.ts';
import { run } from '../run/run.ts';
import type { RunOptions } from '../run/run-options.ts';
import type { RunResult } from '../verdict/run-result.ts';
import { exitCodeOf, sayWhyNothingRan, whyNothingRan } from './exit-code.ts';
import { interruption } from './interruption.ts';
import { type LabFlags, labOptions, requireOption, runOptions } from './lab-options.ts';
import { jsonOption, wholeNumber } from './options.ts';
import { sayVerdict } from './say-verdict.ts';
import { watcherFor } from './watcher-for.ts';

interface Flags extends LabFlags {
  quiet?: boolean;
  json?: boolean;
  repeat: number;
}

/** How far apart the seeds of two repeats are: each scenario of a run takes one more. */
const SEEDS_APART = 100;

/** `proofload run`: runs scenarios, once or several times, and says what came of it. */
export const runScenarios = (): Command =>
  labOptions(new Command('run'))
    .description('Runs suites or single scenarios, and says PASS, FAIL or INCONCLUSIVE.')
    .argument('<scenario...>', `suites (${SUITES.join(', ')}) or scenarios, such as chaos/llm-outage`)
    .addOption(
      new Option('--repeat <n>', 'runs all of it so many times, and counts the verdicts; the worst one decides')
        .env('REPEAT')
        .default(1)
        .argParser(wholeNumber(1, 10_000)),
    )
    .addOption(requireOption())
    .addOption(new Option('--quiet', 'says nothing before the verdict, and only what did not pass'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nA k6 script: proofload run script.js (proofload run script.js --help lists the flags of k6).\nExit codes: 0 PASS, 99 FAIL, 3 INCONCLUSIVE, 2 wrong usage or configuration, 1 no lab.',
    )
    .action(async (scenarios: string[], flags: Flags) => {
      using watcher = watcherFor(flags);
      const options: RunOptions = {
        ...runOptions(flags, scenarios),
        say: flags.quiet || flags.json ? () => {} : print,
        watcher,
        signal: interruption(watcher),
      };
      const results = flags.repeat > 1 ? await runAgainAndAgain(options, flags) : [await runOnce(options, flags)];
      const { verdict } = countRepeats(results, flags.repeat, flags.results);
      process.exitCode = exitCodeOf(verdict, results);
    });

async function runOnce(options: RunOptions, flags: Flags): Promise<RunResult> {
  const result = await run(options);
  await tellGitHub(result, process.env, flags.json ? () => {} : printCommand);
  if (flags.json) {
    if (flags.repeat === 1) printJson(result);
    sayWhyNothingRan([result]);
    return result;
  }
  if (flags.quiet) for (const line of problemLines(result)) print(line);
  sayVerdict(result, flags);
  return result;
}

/** So many repeats in which nothing could be set up, one after the other from the first: no other is begun. */
const GIVE_UP_AFTER = 3;

const isHopeless = (results: readonly RunResult[]): boolean =>
  results.length >= GIVE_UP_AFTER && whyNothingRan(results) !== undefined;

/** Each run has a folder of its own. Whatever ends them, the verdicts until then are counted and shown. */
async function runAgainAndAgain(options: RunOptions, flags: Flags): Promise<RunResult[]> {
  const results: RunResult[] = [];
  try {
    while (results.length < flags.repeat && !options.signal.aborted && !isHopeless(results)) {
      const nth = results.length;
      options.say(`\nrepeat ${nth + 1} of ${flags.repeat}`);
      results.push(await runOnce({ ...options, seed: options.seed + nth * SEEDS_APART }, flags));
    }
  } finally {
    const repeats = countRepeats(results, flags.repeat, flags.results);
    if (flags.json) printJson(repeats);
    else {
      print(`\n${repeatsTable(repeats)}`);
      print(`\n${paint(repeats.verdict)}: ${summarizeRepeats(repeats)}`);
    }
  }
  return results;
}
