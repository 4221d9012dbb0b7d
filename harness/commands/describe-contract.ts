import { count } from '../base/in-words.ts';
import { healthOf } from '../contract/contract.ts';
import { likelyInWords, likelyPromises } from '../contract/likely-promises.ts';
import { profileHints } from '../contract/profile-hints.ts';
import { allScenarios, findScenarios } from '../contract/scenario-names.ts';
import { suites } from '../contract/scenario-scripts.ts';
import { loadProject } from '../project/load-project.ts';
import { program } from '../run/again.ts';
import { loadScenario } from '../run/scenario.ts';
import type { Skipped } from '../run/skipped-scenario.ts';
import type { Examining } from './examining.ts';
import { contractFile, type LabFlags, runOptions } from './lab-options.ts';

/** The scenarios that can be judged with a contract. */
export interface Described {
  /** How many scenarios can judge the service. */
  judged: string;
  /** All scenarios, with the reason for those that can't judge the service. */
  scenarios: { scenario: string; skipped?: string }[];
  /** The breakers that no scenario can judge, each with the reason. */
  unjudgedBreakers: string[];
  /** The required scenarios that can't judge the service. */
  unmet: string[];
  /** Settings of the profile that make runs long, and promises that are missing. */
  hints: string[];
}

/**
 * Prints which scenarios can judge a service with this contract, and why the others can't.
 *
 * @throws ProofloadError CONTRACT_INVALID, or the abort reason from `signal` if it is aborted
 */
export async function describeContract(flags: LabFlags, { say, signal }: Examining): Promise<Described> {
  const file = contractFile(flags);
  const contract = await loadProject(file, runOptions(flags, []));
  say(`${file}: a valid contract of "${contract.name}"\n`);
  const breakers = Object.keys(contract.breakers);
  const names = await findScenarios(suites(), breakers);
  const skipped: Skipped[] = [];
  for (const name of names) {
    signal.throwIfAborted();
    const scenario = await loadScenario(name, contract, flags.profile);
    if ('skipped' in scenario) skipped.push(scenario);
    else say(`  ✓  ${name}`);
  }
  const required = new Set(await findScenarios(contract.requires, breakers));
  const unmet = skipped.filter(({ name }) => required.has(name));
  for (const { name, skipped: why } of unmet) say(`  –  ${name} is required: ${why}`);
  const unpromised = skipped.filter((scenario) => scenario.unpromised && !unmet.includes(scenario));
  const others = skipped.filter((scenario) => !scenario.unpromised && !unmet.includes(scenario));
  for (const { name, skipped: why } of others) say(`  –  ${name}: ${why}`);
  if (unpromised.length > 0)
    say(
      `  –  ${count(unpromised.length, 'scenario')} ${unpromised.length === 1 ? 'needs' : 'need'} promises that this contract does not make: ${program()} list`,
    );
  const likely = unpromised.length > 0 ? likelyPromises(contract, flags.profile) : [];
  const toAdd = likely.length > 0 ? [`likely promises to add: ${likelyInWords(likely)}`] : [];
  for (const line of toAdd) say(`  +  ${line}`);
  const isHealthMissing = healthOf(contract) === undefined;
  if (isHealthMissing) say(`  –  ${NO_HEALTH}`);
  const hints = profileHints(contract, flags.profile);
  for (const hint of hints) say(`  !  ${hint}`);
  say();
  const reasons = new Map(skipped.map(({ name, skipped: why }) => [name, why]));
  return {
    scenarios: names.map((scenario) => {
      const why = reasons.get(scenario);
      return { scenario, ...(why !== undefined && { skipped: why }) };
    }),
    judged: `${names.length - skipped.length} of ${names.length - unpromised.length} scenarios for its promises can judge it.`,
    unmet: unmet.map(({ name }) => name),
    unjudgedBreakers: await unjudgedOf(breakers, reasons),
    hints: [...(isHealthMissing ? [NO_HEALTH] : []), ...toAdd, ...hints],
  };
}

/** Returns the breakers whose scenarios are all skipped, each with the reason for the first one. */
async function unjudgedOf(breakers: readonly string[], reasons: ReadonlyMap<string, string>): Promise<string[]> {
  const scenarios = await allScenarios(breakers);
  return breakers.flatMap((breaker) => {
    const own = scenarios.filter((scenario) => scenario.breaker === breaker).map(({ name }) => reasons.get(name));
    return own.length === 0 || own.includes(undefined) ? [] : [`${breaker} (${own[0]})`];
  });
}

const NO_HEALTH = 'health during outages: the contract names no health endpoint';
