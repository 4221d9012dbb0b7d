import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { parse } from 'acorn';
import { keepText } from '../../engine/base/keep-text.js';
import { stripTypes } from '../../engine/compile/strip-types.js';
import { ProofloadError } from '../base/errors.ts';

const require = createRequire(import.meta.url);

/** The scenarios' folder. Each suite is a subfolder. */
const SCENARIOS = fileURLToPath(new URL('../../scenarios/', import.meta.url));

/** The folders with all scripts and everything that they import at run time. An engine in a container needs them. */
export const SCRIPT_SOURCES: readonly string[] = [
  SCENARIOS,
  ...['../callers/', '../secrecy/', '../../faults/marks/'].map((folder) =>
    fileURLToPath(new URL(folder, import.meta.url)),
  ),
];

export const SUITES = ['stress', 'chaos', 'load', 'tools'] as const;

/** The suites that the gate runs, and `prove` by default. */
export const USUAL_SUITES: readonly string[] = ['stress', 'chaos'];

/** The suite of a team's own scenarios. */
export const OWN_SUITE = 'own';

/** The facts about a scenario's script that its source code shows. A skipped script can't be evaluated. */
export interface Script {
  /** Suite and name, such as `chaos/outage`. */
  name: string;
  path: string;
  /** The scenario's subject, in a few words. `${breaker}` stands for the breaker under test. */
  judges: string;
  /** Whether it runs once for each breaker in the contract. */
  perBreaker: boolean;
}

let known: Promise<Script[]> | undefined;
const own = new Map<string, Script>();

/** Returns all scripts, sorted by name. Those of this package are read once per process. */
export async function allScripts(): Promise<Script[]> {
  known ??= Promise.all(SUITES.map(scriptsOf)).then((suites) => suites.flat());
  return [...(await known), ...own.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function scriptsOf(suite: string): Promise<Script[]> {
  const files = await readdir(join(SCENARIOS, suite));
  const names = files.filter((file) => file.endsWith('.ts')).map((file) => `${suite}/${file.slice(0, -3)}`);
  return Promise.all(names.map((name) => readScript(name, join(SCENARIOS, `${name}.ts`))));
}

/**
 * Adds a team's own script to this process as `own/NAME`, after the file's name.
 *
 * @throws ProofloadError SCENARIO_INVALID as `readScript`, or if there is another script with this name
 */
export async function addScript(path: string): Promise<void> {
  const name = `${OWN_SUITE}/${basename(path, extname(path))}`;
  const other = own.get(name)?.path ?? path;
  if (other !== path)
    throw new ProofloadError('SCENARIO_INVALID', `${path}: ${other} is already ${name}; rename one of them`);
  own.set(name, await readScript(name, path));
}

/** Whether a script belongs to a team. It imports this package by its name. */
export const isOwnScript = ({ name }: Pick<Script, 'name'>): boolean => own.has(name);

/** Returns all suites that have scenarios. */
export const suites = (): readonly string[] => (own.size === 0 ? SUITES : [...SUITES, OWN_SUITE]);

/**
 * Reads `judges` and `each` in a scenario's proof from the script's source code.
 *
 * @throws ProofloadError SCENARIO_INVALID if the proof has no `judges`, or if it is not a plain string literal
 */
export async function readScript(name: string, path: string): Promise<Script> {
  // There are fifty small ones, and each asynchronous read takes several times as long.
  const source = readFileSync(path, 'utf8');
  const kept = keepText('proof-texts', source, () => JSON.stringify(plainTexts(source)));
  const { judges, each } = JSON.parse(kept) as Texts;
  if (judges === undefined)
    throw new ProofloadError('SCENARIO_INVALID', `${name}: "judges" in its proof must be a string literal`);
  return { name, path, judges, perBreaker: each === 'breaker' };
}

type Texts = Readonly<Record<string, string | undefined>>;

/** Returns the fields in the exported `proof` that are plain string literals. */
function plainTexts(source: string): Texts {
  // Its result is kept, so it is seldom needed.
  const acorn = require('acorn') as { parse: typeof parse };
  const { body } = acorn.parse(stripTypes(source), { ecmaVersion: 'latest', sourceType: 'module' });
  for (const statement of body) {
    if (statement.type !== 'ExportNamedDeclaration' || statement.declaration?.type !== 'VariableDeclaration') continue;
    for (const { id, init } of statement.declaration.declarations) {
      if (id.type !== 'Identifier' || id.name !== 'proof' || init?.type !== 'ObjectExpression') continue;
      return Object.fromEntries(
        init.properties.flatMap((property) => {
          if (property.type !== 'Property' || property.key.type !== 'Identifier') return [];
          const { key, value } = property;
          return value.type === 'Literal' && typeof value.value === 'string' ? [[key.name, value.value]] : [];
        }),
      );
    }
  }
  return {};
}
