import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closest, distance } from 'fastest-levenshtein';
import { ProofloadError } from '../base/errors.ts';

/** The folder of the scenarios; each suite is a subfolder. */
export const SCENARIOS = fileURLToPath(new URL('../../scenarios/', import.meta.url));
export const SUITES = ['stress', 'chaos', 'load', 'gate'] as const;

/** Returns the names of all scenarios of a suite. */
async function scenariosOf(suite: string): Promise<string[]> {
  const files = await readdir(join(SCENARIOS, suite));
  return files.filter((file) => file.endsWith('.ts')).map((file) => `${suite}/${file.slice(0, -3)}`);
}

/**
 * Finds scenarios by suite (`chaos`), full name (`chaos/llm-outage`), bare name (`llm-outage`), or pattern with `*` and `?`
 * (`chaos/*outage`, `*policy`).
 *
 * @throws ProofloadError SCENARIO_UNKNOWN, with the nearest name.
 */
export async function findScenarios(wanted: readonly string[]): Promise<string[]> {
  const all = (await Promise.all(SUITES.map(scenariosOf))).flat().sort();
  const found = wanted.flatMap((name) => {
    const pattern = patternOf(name);
    const matching = all.filter((one) => pattern.test(one) || pattern.test(bare(one)) || one.startsWith(`${name}/`));
    if (matching.length > 0) return matching;
    throw new ProofloadError('SCENARIO_UNKNOWN', unknown(name, all));
  });
  return [...new Set(found)];
}

const bare = (name: string): string => name.replace(/^.*\//, '');

/** Returns the expression of a name with wildcards: `*` stands for any text within one part, `?` for one character. */
function patternOf(name: string): RegExp {
  const escaped = name.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}$`);
}

function unknown(name: string, all: readonly string[]): string {
  if (/[*?]/.test(name)) return `no scenario matches "${name}"; there are ${all.join(', ')}`;
  const hint = nearest(name, all);
  if (hint !== undefined)
    return `there is no scenario "${name}"; did you mean ${hint}? "proofload list" prints all names`;
  return `there is no scenario "${name}"; there are ${all.join(', ')}`;
}

/** Returns the name that was probably meant: at most a third of its letters differ. */
function nearest(name: string, all: readonly string[]): string | undefined {
  const alone = all.map(bare);
  const known = [...SUITES, ...all, ...alone];
  const found = closest(name, known);
  if (distance(name, found) > found.length / 3) return undefined;
  return all[alone.indexOf(found)] ?? found;
}
