import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ALL_FAMILIES } from '../../harness/checkers/index.ts';
import type { Checker } from '../../harness/checkers/lib/checker.ts';

/**
 * Returns one table per family of checkers. Each row lists a checker's checks, the usual causes of a failure, and the
 * checks to look at first.
 */
export async function checkerTables(): Promise<string> {
  const sources = await readSources();
  const tables = Object.entries(ALL_FAMILIES).map(([title, checkers]) => {
    const rows = checkers.map((checker) => row(checker, sources)).join('');
    return `### ${title}\n\n| check | checker | usually means | look first at |\n| --- | --- | --- | --- |\n${rows}`;
  });
  return tables.join('\n');
}

function row({ name, usually, restsOn = [] }: Checker, sources: Sources): string {
  const explained = restsOn.map((one) => checksOf(one, sources)[0]);
  return `| ${checksOf(name, sources).join('<br>')} | \`${name}\` | ${usually} | ${explained.join('<br>')} |\n`;
}

/** The text of each file in harness/checkers, by path. */
type Sources = ReadonlyMap<string, string>;

async function readSources(): Promise<Sources> {
  const paths = (await Array.fromAsync(glob('harness/checkers/*/*.ts'))).sort();
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const)));
}

function pathOf(checker: string, sources: Sources): string {
  const found = [...sources].find(([, text]) => new RegExp(`(?:name: |\\()'${checker}'`).test(text));
  if (!found) throw new Error(`no file in harness/checkers defines "${checker}"`);
  return found[0];
}

/**
 * Returns the names of a checker's checks, found in its own code or otherwise in its helpers. `…` replaces variable
 * parts.
 */
function checksOf(checker: string, sources: Sources): string[] {
  const path = pathOf(checker, sources);
  const text = sources.get(path) ?? '';
  const imports = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, file = '']) => join(dirname(path), file));
  const [, own = ''] = text.split(`'${checker}'`);
  const files = [own.split('\n  name: ')[0] ?? '', ...imports.map((file) => sources.get(file) ?? ''), text];
  const names = files.map(namesIn).find(({ length }) => length > 0);
  if (!names) throw new Error(`no check found in ${path}`);
  return names;
}

const LITERAL = "(?:'([^']+)'|`([^`]+)`)";
const CHECK = new RegExp(`\\b(?:check: |judge\\()(?:\\w+ \\? )?${LITERAL}(?: : ${LITERAL})?`, 'g');

const namesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(CHECK)].flatMap(([, ...literals]) => literals.filter(Boolean).map(withoutValues))),
];

const withoutValues = (template = ''): string => template.replace(/\$\{[^}]*\}/g, '…');
