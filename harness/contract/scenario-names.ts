import { ProofloadError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import { allScripts, OWN_SUITE, type Script, suites } from './scenario-scripts.ts';

/** A scenario: a script and, if the script runs once per breaker, the breaker under test. */
export interface NamedScenario {
  /** Suite and name, such as `chaos/smoke`, or `chaos/llm-outage` for a breaker. */
  name: string;
  script: Script;
  /**
   * Also absent if the contract describes no breakers. In that case, the scenario is skipped under its script's name.
   */
  breaker?: string;
  /** The scenario's subject, in a few words. */
  judges: string;
}

/** Returns all scenarios for a contract with these breakers, sorted by name. */
export async function allScenarios(breakers: readonly string[]): Promise<NamedScenario[]> {
  const scripts = await allScripts();
  const taken = new Set(scripts.filter(({ perBreaker }) => !perBreaker).map(({ name }) => name));
  const found = scripts.flatMap((script): NamedScenario[] => {
    if (!script.perBreaker) return [{ name: script.name, script, judges: script.judges }];
    if (breakers.length === 0) return [{ name: script.name, script, judges: judgesFor(script, 'any breaker') }];
    return breakers.map((breaker) => {
      const name = nameFor(script, breaker, taken);
      taken.add(name);
      return { name, script, breaker, judges: judgesFor(script, breaker) };
    });
  });
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** For the breaker `llm`, `chaos/outage` becomes `chaos/llm-outage`, unless another scenario has that name. */
function nameFor({ name }: Script, breaker: string, taken: ReadonlySet<string>): string {
  const [suite, own] = name.split('/');
  let before = breaker;
  while (taken.has(`${suite}/${before}-${own}`)) before += '-breaker';
  return `${suite}/${before}-${own}`;
}

/** Returns what a script judges for one breaker, in a few words. */
export const judgesFor = ({ judges }: Pick<Script, 'judges'>, breaker: string): string =>
  judges.replaceAll('${breaker}', breaker);

/**
 * Finds scenarios by suite (`chaos`), full name (`chaos/llm-outage`), short name (`llm-outage`), script name
 * (`chaos/outage` or `outage`, which matches the outage scenarios of all breakers), or pattern with `*` and `?`
 * (`chaos/*outage`, `*policy`).
 *
 * @param breakers The names of the contract's breakers. If there are none, a script that needs one is found by the
 * script's name.
 * @throws ProofloadError SCENARIO_UNKNOWN, with the nearest name
 */
export async function findScenarios(wanted: readonly string[], breakers: readonly string[]): Promise<string[]> {
  const all = await allScenarios(breakers);
  const found = wanted.flatMap((name) => {
    const pattern = patternOf(name);
    const isMeant = (text: string) => pattern.test(text) || pattern.test(bare(text)) || text.startsWith(`${name}/`);
    const matching = all.filter((scenario) => isMeant(scenario.name) || isMeant(scenario.script.name));
    if (matching.length > 0) return matching.map((scenario) => scenario.name);
    throw new ProofloadError('SCENARIO_UNKNOWN', unknown(name, all));
  });
  return [...new Set(found)];
}

/**
 * Returns the scenario with this full name.
 *
 * @throws ProofloadError SCENARIO_UNKNOWN, with the nearest name
 */
export async function findScenario(name: string, breakers: readonly string[]): Promise<NamedScenario> {
  const all = await allScenarios(breakers);
  const found = all.find((scenario) => scenario.name === name);
  if (found) return found;
  const meant = all.filter(({ script }) => script.name === name).map((scenario) => scenario.name);
  const several = `"${name}" stands for several scenarios, and exactly one is needed; allowed: ${meant.join(', ')}`;
  throw new ProofloadError('SCENARIO_UNKNOWN', meant.length > 0 ? several : unknown(name, all));
}

/**
 * Whether this is a scenario's or suite's name, as `findScenarios` accepts it. The contract's breakers are not known, so
 * any name in a suite counts.
 */
export async function isScenarioName(name: string): Promise<boolean> {
  if (/\.[cm]?[jt]s$/.test(name)) return false;
  const pattern = patternOf(name);
  const [suite = ''] = name.split('/');
  if ([...suites(), OWN_SUITE].includes(suite)) return true;
  return (await allScripts()).some((script) => pattern.test(script.name) || pattern.test(bare(script.name)));
}

const bare = (name: string): string => name.replace(/^.*\//, '');

/**
 * Converts a name with wildcards to a regular expression. `*` matches any text within one path segment, and `?` matches
 * one character.
 */
function patternOf(name: string): RegExp {
  const escaped = name.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}$`);
}

function unknown(name: string, all: readonly NamedScenario[]): string {
  const names = all.map((scenario) => scenario.name);
  if (/[*?]/.test(name)) return `no scenario matches "${name}"; allowed: ${names.join(', ')}`;
  const hint = nearestOf(name, [...new Set([...names, ...all.map(({ script }) => script.name)])]);
  if (hint !== undefined)
    return `there is no scenario "${name}"; did you mean ${hint}? "proofload list" prints all names`;
  return `there is no scenario "${name}"; allowed: ${names.join(', ')}`;
}

/** Returns the name that the user probably meant, also if it was given without its suite. */
function nearestOf(name: string, all: readonly string[]): string | undefined {
  const alone = all.map(bare);
  const found = nearest(name, [...suites(), ...all, ...alone]);
  return found === undefined ? undefined : (all[alone.indexOf(found)] ?? found);
}
