import { readFile } from 'node:fs/promises';
import { WIRE_MUTANTS } from '../../harness/checkers/index.ts';
import { NO_PROMISES } from '../../harness/contract/promises.ts';
import { judgesFor } from '../../harness/contract/scenario-names.ts';
import { SUITES } from '../../harness/contract/scenario-scripts.ts';
import { ERRORS } from '../../service/base/errors.ts';
import { checkPages } from './check-pages.ts';
import { checkerTables } from './checker-tables.ts';
import { contractPages } from './contract-pages.ts';
import { type DescribedScript, describedScripts } from './described-scripts.ts';
import { connectionFaultList, databaseFaultTable, upstreamFaultTable } from './fault-tables.ts';
import { settingHelp, settingTable } from './setting-tables.ts';
import { includedCode, packageTable } from './third-party.ts';

/**
 * The parts of the documentation that `make docs` writes: for each page, the names of its parts and the functions that
 * generate them.
 */
export const GENERATED: Readonly<Record<string, Readonly<Record<string, () => Promise<string>>>>> = {
  'docs/scenarios.md': { scenarios: scenarioTables },
  'docs/faults.md': {
    'upstream faults': upstreamFaultTable,
    'connection faults': connectionFaultList,
    'database faults': databaseFaultTable,
  },
  'docs/failing-checks.md': { checks: checkerTables },
  'docs/error-codes.md': { service: errorTable },
  'docs/wire-mutants.md': { 'wire mutants': wireMutantTable },
  'docs/running.md': { settings: settingTable },
  Makefile: { settings: settingHelp },
  'docs/verdicts.md': { 'no promises': noPromiseTable },
  'THIRD_PARTY_NOTICES.md': { 'included code': includedCode, packages: packageTable },
};

/** The folders whose pages `make docs` writes: the functions that generate them, by path. */
export const FOLDERS: Readonly<Record<string, () => Promise<Map<string, string>>>> = {
  'docs/checks': checkPages,
  'docs/contract': contractPages,
};

/** Returns a page with up-to-date generated parts. */
export async function regenerate(path: string): Promise<string> {
  let page = await readFile(path, 'utf8');
  for (const [name, produce] of Object.entries(GENERATED[path] ?? {})) page = replacePart(page, name, await produce());
  return page;
}

/** Replaces the text between `<!-- make docs: NAME -->` and `<!-- end -->`. Throws if the page has no such part. */
function replacePart(page: string, name: string, text: string): string {
  const begin = `<!-- make docs: ${name} -->\n`;
  const from = page.indexOf(begin) + begin.length;
  const to = page.lastIndexOf('\n', page.indexOf('<!-- end -->', from)) + 1;
  if (from < begin.length || to < from) throw new Error(`the page has no part "${name}"`);
  return `${page.slice(0, from)}\n${text}\n${page.slice(to)}`;
}

async function noPromiseTable(): Promise<string> {
  const reasons = Map.groupBy(Object.entries(NO_PROMISES), ([, reason]) => reason);
  const rows = [...reasons].map(([reason, own]) => {
    return `| ${own.map(([field]) => `\`${field}\``).join(', ')} | ${reason} |\n`;
  });
  return `| field | why it promises nothing |\n| --- | --- |\n${rows.join('')}`;
}

async function scenarioTables(): Promise<string> {
  const scripts = await describedScripts();
  const tables = SUITES.map((suite) => {
    const rows = scripts.filter(({ script }) => script.name.startsWith(`${suite}/`)).map(row);
    return `## ${suite}\n\n| scenario | tests | how | seconds |\n| --- | --- | --- | --- |\n${rows.join('')}`;
  });
  return tables.join('\n');
}

/** Returns a script's row. A script that runs once per breaker is described by its first run. */
function row({ script, names, proof: { about, seconds } }: DescribedScript): string {
  const runs = script.perBreaker
    ? ` Runs once for each breaker: ${names.map((name) => `\`${name}\``).join(', ')}.`
    : '';
  return `| \`${script.name}\` | ${judgesFor(script, 'each breaker')} | ${about}${runs} | ${Math.round(seconds)} |\n`;
}

async function errorTable(): Promise<string> {
  const rows = Object.entries(ERRORS).map(
    ([code, { status, meaning }]) => `| \`${code}\` | ${status} | ${meaning} |\n`,
  );
  return `| code | status | meaning |\n| --- | --- | --- |\n${rows.join('')}`;
}

async function wireMutantTable(): Promise<string> {
  const rows = WIRE_MUTANTS.map(
    ({ name, does, turnsRed, needs }) =>
      `| \`${name}\` | ${does} | ${turnsRed.map((checker) => `[${checker}](checks/${checker}.md)`).join(', ')} | ${needs ? `\`${needs}\`` : ''} |\n`,
  );
  return `| mutant | does | must turn red | needs in the contract |\n| --- | --- | --- | --- |\n${rows.join('')}`;
}
