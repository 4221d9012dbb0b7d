import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closest, distance } from 'fastest-levenshtein';
import { ProofloadError } from '../base/errors.ts';

/** The folder of the scenarios, with a folder for each suite. */
export const SCENARIOS = fileURLToPath(new URL('../../scenarios/', import.meta.url));
export const SUITES = ['stress', 'chaos', 'load', 'gate'] as const;

/** Names of all scenarios of a suite, in alphabetical order. */
async function scenariosOf(suite: string): Promise<string[]> {
  const files = await readdir(join(SCENARIOS, suite));
  return files.filter((file) => file.endsWith('.ts')).map((file) => `${suite}/${file.slice(0, -3)}`);
}

/**
 * Finds the scenarios that are asked for: suites (`chaos`), single ones (`chaos/llm-outage`) or their names alone.
 *
 * @throws ProofloadError SCENARIO_UNKNOWN with the nearest name and all names that there are.
 */
export async function findScenarios(wanted: readonly string[]): Promise<string[]> {
  const all = (await Promise.all(SUITES.map(scenariosOf))).flat().sort();
  const found = wanted.flatMap((name) => {
    const matching = all.filter((one) => one === name || one.startsWith(`${name}/`) || one.endsWith(`/${name}`));
    if (matching.length > 0) return matching;
    const hint = nearest(name, all);
    const more = hint === undefined ? 'there are' : `did you mean "${hint}"? There are`;
    throw new ProofloadError('SCENARIO_UNKNOWN', `there is no scenario "${name}"; ${more} ${all.join(', ')}`);
  });
  return [...new Set(found)];
}

/** The name that a misspelt one was meant to be, if one of them is near: at most a third of its letters differ. */
function nearest(name: string, all: readonly string[]): string | undefined {
  const alone = all.map((one) => one.replace(/^.*\//, ''));
  const known = [...SUITES, ...all, ...alone];
  const found = closest(name, known);
  if (distance(name, found) > found.length / 3) return undefined;
  return all[alone.indexOf(found)] ?? found;
}
