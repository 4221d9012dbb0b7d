import { print } from '../base/print.ts';
import { healthOf } from '../contract/contract.ts';
import { LONG_SECONDS, profileHints } from '../contract/profile-hints.ts';
import { findScenarios } from '../contract/scenario-names.ts';
import { suites } from '../contract/scenario-scripts.ts';
import { loadProject } from '../project/load-project.ts';
import { loadScenario, type Scenario } from '../run/scenario.ts';
import type { Skipped } from '../run/skipped-scenario.ts';
import { coverageOf, notJudgedIn } from '../verdict/coverage.ts';
import { contractFile, type LabFlags, runOptions } from './lab-options.ts';

/** The script that opens a breaker and lets it recover. */
const OUTAGE = 'chaos/outage';

/** What can be judged with a contract. */
export interface Described {
  /** Sentences about the scenarios that can judge the service, the required ones that can't, and the rest. */
  judged: string;
  unmet: string;
  notJudged: string;
  /** The names of the scenarios that can judge the service. */
  possible: string[];
  /** The outages that take seconds, because the breaker recovers soon. */
  outages: string[];
}

/**
 * Prints which scenarios can judge a service with this contract, and why the others can't.
 *
 * @throws ProofloadError CONTRACT_INVALID
 */
export async function describeContract(flags: LabFlags): Promise<Described> {
  const file = contractFile(flags);
  const contract = await loadProject(file, runOptions(flags, []));
  print(`${file}: a valid contract of "${contract.name}"\n`);
  const breakers = Object.keys(contract.breakers);
  const names = await findScenarios(suites(), breakers);
  const skipped: Skipped[] = [];
  const outages: string[] = [];
  for (const name of names) {
    const scenario = await loadScenario(name, contract, flags.profile);
    if ('skipped' in scenario) skipped.push(scenario);
    else if (isShortOutage(scenario)) outages.push(name);
    print('skipped' in scenario ? `  –  ${name}: ${scenario.skipped}` : `  ✓  ${name}`);
  }
  if (healthOf(contract) === undefined) print('  –  health during outages: the contract names no health endpoint');
  for (const hint of profileHints(contract, flags.profile)) print(`  !  ${hint}`);
  print();
  const required = new Set(await findScenarios(contract.requires, breakers));
  const missing = skipped.filter(({ name }) => required.has(name));
  return {
    possible: names.filter((name) => !skipped.some((one) => one.name === name)),
    judged: `${names.length - skipped.length} of ${names.length} scenarios can judge it.`,
    unmet: missing.length === 0 ? '' : `Required, but can't be judged: ${missing.map(({ name }) => name).join(', ')}.`,
    notJudged: notJudgedIn(coverageOf({ scenarios: [], skipped }, names.length)),
    outages,
  };
}

function isShortOutage({ script, breaker = '', numbers }: Scenario): boolean {
  const { recoverySeconds = Number.POSITIVE_INFINITY } = numbers.breakers[breaker] ?? {};
  return script.name === OUTAGE && recoverySeconds <= LONG_SECONDS;
}
