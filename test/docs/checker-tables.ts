import { ALL_FAMILIES } from '../../harness/checkers/index.ts';
import type { Checker } from '../../harness/checkers/lib/checker.ts';
import { checksOf, readSources, type Sources } from './checker-sources.ts';

/**
 * Returns one table per family of checkers. Each row lists a checker's checks, the usual causes of a failure, and the
 * checks to look at first.
 */
export async function checkerTables(): Promise<string> {
  const sources = await readSources();
  const tables = ALL_FAMILIES.map(({ title, checkers }) => {
    const rows = checkers.map((checker) => row(checker, sources)).join('');
    return `### ${title}\n\n| check | checker | usually means | look first at |\n| --- | --- | --- | --- |\n${rows}`;
  });
  return tables.join('\n');
}

function row({ name, usually, restsOn = [] }: Checker, sources: Sources): string {
  const explained = restsOn.map((checker) => checksOf(checker, sources)[0]);
  return `| ${checksOf(name, sources).join('<br>')} | [\`${name}\`](checks/${name}.md) | ${usually} | ${explained.join('<br>')} |\n`;
}
