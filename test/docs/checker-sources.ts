import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The text of each file in harness/checkers, by path. */
export type Sources = ReadonlyMap<string, string>;

/** Something that a page needs is missing in the source. The message says where it belongs. */
export class Undocumented extends Error {}

/** Reads all checkers and their helpers. */
export async function readSources(): Promise<Sources> {
  const paths = (await Array.fromAsync(glob('harness/checkers/*/*.ts'))).sort();
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const)));
}

/**
 * Returns the path of the file that defines a checker.
 *
 * @throws Undocumented if there is none
 */
export function pathOf(checker: string, sources: Sources): string {
  const found = [...sources].find(([, text]) => new RegExp(`(?:name: |\\()'${checker}'`).test(text));
  if (!found)
    throw new Undocumented(`no file in harness/checkers has the name of the check "${checker}" as a plain text`);
  return found[0];
}

/**
 * Returns the names of a checker's checks, found in its own code or otherwise in its helpers: after `check:`, in a call
 * of `judge(`, returned by a function such as `checkOf`, or in a constant that `check:` uses. `…` replaces variable parts.
 */
export function checksOf(checker: string, sources: Sources): string[] {
  const path = pathOf(checker, sources);
  const text = sources.get(path) ?? '';
  const imports = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, file = '']) => join(dirname(path), file));
  const [, own = ''] = text.split(`'${checker}'`);
  const files = [own.split('\n  name: ')[0] ?? '', ...imports.map((file) => sources.get(file) ?? ''), text];
  const names = files.map(namesIn).find(({ length }) => length > 0);
  if (!names) throw new Undocumented(`${path}: no name of a check found: ${FORMS}`);
  return names;
}

const FORMS = "write it as check: '…', as judge('…', or as the result of a function such as checkOf";
const LITERAL = "(?:'([^']+)'|`([^`]+)`)";
const FUNCTION = '\\w*[cC]heck\\w* = \\([^)]*\\)(?:: string)? =>\\s*';

function namesIn(text: string): string[] {
  const constants = [...text.matchAll(/\bcheck: ([A-Z_]+)\b/g)].map(([, name]) => `${name} = `);
  const before = ['check: ', 'judge\\(', FUNCTION, ...constants].join('|');
  const check = new RegExp(`\\b(?:${before})(?:\\w+ \\? )?${LITERAL}(?: : ${LITERAL})?`, 'g');
  const found = [...text.matchAll(check)].flatMap(([, ...literals]) => literals.filter(Boolean));
  return [...new Set(found.map(withoutValues))];
}

const withoutValues = (template = ''): string => template.replace(/\$\{[^}]*\}/g, '…');
