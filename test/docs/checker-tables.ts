import { ALL_FAMILIES } from '../../harness/checkers/index.ts';
import type { Checker } from '../../harness/checkers/lib/checker.ts';
import { checksOf, readSources, type Sources } from './checker-sources.ts';

/** Returns one table per family of checkers. Each row lists a checker's checks and its page. */
export async function checkerTables(): Promise<string> {
  const sources = await readSources();
  const tables = ALL_FAMILIES.map(({ title, checkers }) => {
    const rows = checkers.map((checker) => row(checker, sources)).join('');
    return `### ${title}\n\n| check | page |\n| --- | --- |\n${rows}`;
  });
  return tables.join('\n');
}

const row = ({ name }: Checker, sources: Sources): string =>
  `| ${checksOf(name, sources).join('<br>')} | [\`${name}\`](checks/${name}.md) |\n`;
