import { Command, Option } from 'commander';
import { print, printError, printJson } from '../base/print.ts';
import { fixContract } from '../fix/fix-contract.ts';
import { changeText } from '../fix/yaml-text.ts';
import { wrapped } from '../report/text/wrap.ts';
import { program } from '../run/again.ts';
import { type Diagnosis, diagnosis } from './diagnosis.ts';
import { examine } from './doctor-examine.ts';
import { doctorFolder, removeFolder } from './doctor-folder.ts';
import { endAtOnce } from './end-at-once.ts';
import type { Say } from './examining.ts';
import { exitCodeOf, sayWhyNothingRan } from './exit-code.ts';
import { type LabFlags, labOptions } from './lab-options.ts';
import { jsonOption } from './options.ts';

interface Flags extends LabFlags {
  fix?: boolean;
  json?: boolean;
}

/** How often a contract is examined. Each change can show what is wrong behind it. */
const MOST_ROUNDS = 5;

/**
 * Implements `proofload doctor`, which checks that a contract describes the service and that the service can be tested.
 * If each call works, it also opens each breaker that recovers within seconds, and watches calls whose upstreams fail.
 */
export const doctor = (): Command =>
  labOptions(new Command('doctor'))
    .addOption(
      new Option(
        '--fix',
        'change the contract (YAML or JSON) to match the service, show the lines, and check it again',
      ).conflicts('demo'),
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 the contract matches, 99 it does not, 3 unknown, or a required scenario cannot be judged, 2 the contract is invalid, 1 the lab could not be set up.',
    )
    .addOption(jsonOption())
    .action(async (given: Flags) => {
      const flags = { ...given, results: await doctorFolder(given.results) };
      await endAtOnce((signal) => diagnose(flags, signal), {
        tell: printError,
        remove: () => removeFolder(flags.results),
      });
    });

/** Examines the contract, and with --fix again after each change. */
async function diagnose(flags: Flags, signal: AbortSignal): Promise<void> {
  const say = flags.json ? () => {} : (text = '') => print(wrapped(text));
  const written: string[] = [];
  for (let round = 1; ; round += 1) {
    const examined = await examine(flags, { say, signal });
    const mayFix = flags.fix === true && round < MOST_ROUNDS;
    const { diff, left } = await offer(flags, examined.found, mayFix, say);
    signal.throwIfAborted();
    written.push(...diff);
    if (diff.length > 0) {
      say(`\n${examined.found.contract} is checked again.\n`);
      continue;
    }
    sayWhyNothingRan(examined.results);
    say(`\n${examined.conclusion}`);
    if (flags.json) printJson(diagnosis({ ...examined.found, changes: left, written }));
    process.exitCode = exitCodeOf(examined.found.verdict, examined.results);
    return;
  }
}

/** Tells changes of the contract. With --fix, writes them. Returns the lines written, and the changes that are left. */
async function offer(
  flags: Flags,
  { contract: file, changes }: Pick<Diagnosis, 'contract' | 'changes'>,
  mayFix: boolean,
  say: Say,
) {
  const nothing: { diff: string[]; left: typeof changes } = { diff: [], left: changes };
  if (changes.length === 0) return nothing;
  if (!flags.fix) {
    say(`\nThese lines in ${file} would match what the service did:`);
    for (const change of changes) say(`  ${changeText(change)}`);
    say(`To write them: ${program()} doctor --fix. If the service should do something else, change the service.`);
    return nothing;
  }
  if (!mayFix) return nothing;
  const { diff, left } = await fixContract(file, changes);
  if (diff.length > 0) {
    say(
      `\nWritten to ${file} to match the service. If the service should do something else, undo this and change the service:`,
    );
    for (const line of diff) say(`  ${line}`);
  }
  if (left.length > 0) say(`\nNot written to ${file}:`);
  for (const { change, why } of left) say(`  ${changeText(change)} (${why})`);
  return { diff, left: left.map(({ change }) => change) };
}
