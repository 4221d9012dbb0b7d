import { count } from '../base/in-words.ts';
import { print, printError, printJson } from '../base/print.ts';
import { fixContract } from '../fix/fix-contract.ts';
import { changeText } from '../fix/yaml-text.ts';
import { wrapped } from '../report/text/wrap.ts';
import { program } from '../run/again.ts';
import { type Diagnosis, diagnosis } from '../verdict/diagnosis.ts';
import { examine } from './doctor-examine.ts';
import { doctorFolder, removeFolder } from './doctor-folder.ts';
import type { LookFlags } from './doctor-steps.ts';
import { endAtOnce } from './end-at-once.ts';
import type { Say } from './examining.ts';
import { exitCodeOf, sayWhyNothingRan } from './exit-code.ts';
import { type SwitchedOff, switchedOff } from './switched-off.ts';

interface Flags extends LookFlags {
  json?: boolean;
}

/** How often a contract is examined. Each change can reveal a further problem. */
const MOST_ROUNDS = 5;

/**
 * Implements `proofload doctor`, which checks that a contract describes the service and that the service can be tested.
 * If each call works, it also opens breakers, watches calls whose upstreams fail, and stops the service for a moment, as
 * far as this takes seconds. `--thorough` takes minutes.
 */
export async function checkContract(given: Flags): Promise<void> {
  const flags = { ...given, results: await doctorFolder(given.results) };
  await endAtOnce((signal) => diagnose(flags, signal), {
    tell: printError,
    remove: () => removeFolder(flags.results),
  });
}

/** Examines the contract, and with --fix again after each change. */
async function diagnose(flags: Flags, signal: AbortSignal): Promise<void> {
  const say = flags.json ? () => {} : (text = '') => print(wrapped(text));
  const written: string[] = [];
  const off: SwitchedOff[number][] = [];
  for (let round = 1; ; round += 1) {
    const { found, results, conclusion } = await examine(flags, { say, signal });
    const mayFix = flags.fix === true && round < MOST_ROUNDS;
    const { diff, left, switchedOff: nowOff } = await offer(flags, found, mayFix, say);
    signal.throwIfAborted();
    written.push(...diff);
    off.push(...nowOff);
    if (diff.length > 0) {
      say(`\n${found.contract} is checked again.\n`);
      continue;
    }
    // A later line may have switched one on again.
    const isOff = ({ scenario }: SwitchedOff[number]) =>
      written.length === 0 ||
      found.scenarios.some((listed) => listed.scenario === scenario && listed.skipped !== undefined);
    const stillOff = off.filter(isOff);
    sayWhyNothingRan(results);
    const names = stillOff.map(({ scenario }) => scenario).join(', ');
    const unjudged = names && written.length > 0 ? ` No longer judged, because of the lines written: ${names}.` : '';
    say(`\n${conclusion}${unjudged}`);
    if (flags.json) printJson(diagnosis({ ...found, changes: left, written, switchedOff: stillOff }));
    process.exitCode = exitCodeOf(found.verdict, results);
    return;
  }
}

/** The outcome of the changes that an examination found. */
interface Offered {
  /** The lines that were written. */
  readonly diff: readonly string[];
  /** The changes that were not written. */
  readonly left: Diagnosis['changes'];
  readonly switchedOff: SwitchedOff;
}

/** Prints changes of the contract, and the scenarios that they switch off. With --fix, writes them. */
async function offer(
  flags: Flags,
  { contract: file, changes, scenarios }: Pick<Diagnosis, 'contract' | 'changes' | 'scenarios'>,
  mayFix: boolean,
  say: Say,
): Promise<Offered> {
  if (changes.length === 0 || (flags.fix && !mayFix)) return { diff: [], left: changes, switchedOff: [] };
  if (!flags.fix) {
    say(`\nWith these lines, ${file} would match what the service did:`);
    for (const change of changes) say(`  ${changeText(change)}`);
    const off = await switchedOff(flags, scenarios, changes);
    tellSwitchedOff(off, 'would switch off', say);
    say(`To write them: ${program()} doctor --fix. If the service should do something else, change the service.`);
    return { diff: [], left: changes, switchedOff: off };
  }
  const { diff, left } = await fixContract(file, changes);
  const unwritten = left.map(({ change }) => change);
  if (diff.length > 0) {
    say(
      `\nWritten to ${file} to match the service. If the service should do something else, undo this and change the service:`,
    );
    for (const line of diff) say(`  ${line}`);
  }
  const made = changes.filter((change) => !unwritten.includes(change));
  const off = await switchedOff(flags, scenarios, made);
  tellSwitchedOff(off, 'switch off', say);
  if (left.length > 0) say(`\nNot written to ${file}:`);
  for (const { change, why } of left) say(`  ${changeText(change)} (${why})`);
  return { diff, left: unwritten, switchedOff: off };
}

/** Lists the scenarios that lines switch off. Without this list, it would look like success. */
function tellSwitchedOff(off: SwitchedOff, verb: string, say: Say): void {
  if (off.length === 0) return;
  say(`These lines ${verb} ${count(off.length, 'scenario')}, which can't judge the service any more:`);
  for (const { scenario, skipped } of off) say(`  ${scenario}: ${skipped}`);
}
