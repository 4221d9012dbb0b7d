import { about } from '../base/in-words.ts';
import { print, printJson } from '../base/print.ts';
import { allScenarios } from '../contract/scenario-names.ts';
import { loadProject } from '../project/load-project.ts';
import { loadScenario } from '../run/scenario.ts';
import { selectScenarios } from '../run/select-scenarios.ts';
import { type ContractFlags, contractFile, hasContract } from './lab-options.ts';

interface Flags extends ContractFlags {
  profile: string;
  allowHost?: string[];
  grep?: string;
  json?: boolean;
}

/** A scenario as printed by `list --json`. */
interface Listed {
  scenario: string;
  suite: string;
  judges: string;
  /** Expected duration in seconds. Absent if the scenario is skipped or there is no contract. */
  seconds?: number;
  /** Why the scenario can't run with this contract. */
  skipped?: string;
}

/** Implements `proofload list`, which prints all scenarios and whether they can run with the contract. */
export async function listScenarios(scenarios: string[], flags: Flags): Promise<void> {
  const listed = await (hasContract(flags) ? withContract(scenarios, flags) : withoutContract(scenarios, flags));
  if (flags.json) printJson(listed);
  else print(textOf(listed, hasContract(flags)));
}

async function withContract(scenarios: readonly string[], flags: Flags): Promise<Listed[]> {
  const contract = await loadProject(contractFile(flags), flags);
  const names = await selectScenarios({ scenarios, breakers: Object.keys(contract.breakers), grep: flags.grep });
  const loaded = await Promise.all(names.map((name) => loadScenario(name, contract, flags.profile)));
  return loaded.map((scenario) => {
    if ('skipped' in scenario) return entry(scenario.name, { judges: scenario.judges, skipped: scenario.skipped });
    const { judges, seconds } = scenario.proof;
    return entry(scenario.name, { judges, seconds });
  });
}

async function withoutContract(scenarios: readonly string[], { grep }: Flags): Promise<Listed[]> {
  const names = await selectScenarios({ scenarios, breakers: [], grep });
  const all = await allScenarios([]);
  return all.filter(({ name }) => names.includes(name)).map(({ name, judges }) => entry(name, { judges }));
}

const entry = (scenario: string, more: Pick<Listed, 'judges' | 'seconds' | 'skipped'>): Listed => ({
  scenario,
  suite: scenario.split('/')[0] as string,
  ...more,
});

function textOf(listed: readonly Listed[], isKnown: boolean): string {
  const width = Math.max(...listed.map(({ scenario }) => scenario.length));
  const lines = listed.map(({ scenario, judges, seconds, skipped }) => {
    const time = seconds === undefined ? '' : about(seconds);
    const columns = `${scenario.padEnd(width)}  ${isKnown ? (skipped === undefined ? time : 'skipped').padEnd(13) : ''}`;
    return `${columns}${judges}${skipped === undefined ? '' : ` (${skipped})`}`;
  });
  const hint =
    'With a contract, the list also shows durations, the scenarios of each breaker, and which ones are skipped.';
  return [...lines, ...(isKnown ? [] : ['', hint])].join('\n');
}
