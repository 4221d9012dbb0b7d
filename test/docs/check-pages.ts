import { ALL_FAMILIES, COMMON } from '../../harness/checkers/index.ts';
import type { Checker } from '../../harness/checkers/lib/checker.ts';
import { loadContract } from '../../harness/contract/load.ts';
import { allScenarios } from '../../harness/contract/scenario-names.ts';
import { fill } from '../../harness/report/text/wrap.ts';
import { loadScenario } from '../../harness/run/scenario.ts';
import { WIRE_MUTANTS } from '../../harness/wire/mutants/index.ts';
import { DEFECTS, NEVER_RED } from '../defects/catalogue.ts';
import { FIXES } from './check-fixes.ts';
import { checksOf, pathOf, readSources, type Sources } from './checker-sources.ts';
import { CONTRACTS } from './contracts.ts';

/** Returns a page for each checker, by its path. */
export async function checkPages(): Promise<Map<string, string>> {
  const sources = await readSources();
  const appliedIn = await scenariosByChecker();
  const pages = Object.entries(ALL_FAMILIES).flatMap(([family, checkers]) =>
    checkers.map((checker) => {
      const scenarios = Object.hasOwn(COMMON, checker.name) ? ['every scenario'] : appliedIn.get(checker.name);
      if (!scenarios)
        throw new Error(`no contract in test/docs/contracts.ts has a scenario that lists ${checker.name}`);
      return [`docs/checks/${checker.name}.md`, pageOf(checker, { family, sources, scenarios })] as const;
    }),
  );
  return new Map(pages);
}

interface Context {
  readonly family: string;
  readonly sources: Sources;
  /** The scripts of the scenarios that apply it. */
  readonly scenarios: readonly string[];
}

function pageOf({ name, usually, restsOn = [] }: Checker, { family, sources, scenarios }: Context): string {
  const checks = checksOf(name, sources).map((check) => `- ${check}\n`);
  const first = restsOn.map((one) => `[${one}](${one}.md)`).join(', ');
  const paragraphs = [
    `# ${name}`,
    ...provesOf(name, sources),
    `Subject: ${family.toLowerCase()}. Applied in ${scenarios.join(', ')} ([scenarios](../scenarios.md)).`,
    `## Its checks\n\n${checks.join('')}`,
    '## Usual causes',
    usually,
    ...(first === '' ? [] : [`If one of these failed as well, start there: ${first}.`]),
    ...(FIXES[name] === undefined ? [] : ['## How to fix it', FIXES[name]]),
    '## Defects that it must detect',
    ...defectsOf(name),
    ...wireMutantsOf(name),
    'See also [what to do if a check fails](../failing-checks.md).',
  ];
  return `${paragraphs.map(wrapped).join('\n\n')}\n`;
}

/** Wraps a paragraph. Lists and tables have lines of their own. */
const wrapped = (text: string): string =>
  text.includes('\n') ? text.trimEnd() : fill(text.split(' '), 0, WIDTH).join('\n');

const WIDTH = 120;

function defectsOf(checker: string): string[] {
  const defects = DEFECTS.filter((one) => one.checker === checker);
  const [first] = defects;
  if (!first) return [`None: ${NEVER_RED[checker]}.`];
  const rows = defects.map(({ name, scenario, check }) => `| \`${name}\` | \`${scenario}\` | ${check} |\n`);
  const advice = `A service with one of these mistakes fails it. In a checkout of proofload, this shows it: \`make prove DEFECT=${first.name}\`.`;
  return [advice, `| mistake | scenario | failed check |\n| --- | --- | --- |\n${rows.join('')}`];
}

function wireMutantsOf(checker: string): string[] {
  const mutants = WIRE_MUTANTS.filter(({ turnsRed }) => turnsRed.includes(checker));
  if (mutants.length === 0) return [];
  const rows = mutants.map(({ name, does }) => `| \`${name}\` | ${does} |\n`);
  const advice =
    'On your own service, `npx proofload prove` makes these defects on the wire: see [proving](../proving.md).';
  return ['## Wire mutants', advice, `| mutant | does |\n| --- | --- |\n${rows.join('')}`];
}

/** Returns the first paragraph of the docblock of a checker, which says what it proves. A list may follow it. */
function provesOf(name: string, sources: Sources): string[] {
  const path = pathOf(name, sources);
  const text = sources.get(path) ?? '';
  const blocks = [...text.slice(0, text.indexOf(`'${name}'`)).matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\//g)]
    .map(([, block = '']) => block.replace(/^ *\* ?/gm, '').trim())
    .filter((block) => /^(Checks|Compares)\b/.test(block));
  const [first, second = ''] = blocks.at(-1)?.split('\n\n') ?? [];
  if (first === undefined) throw new Error(`${path}: the docblock of "${name}" does not begin with "Checks"`);
  return [first.replace(/\s+/g, ' '), ...(first.endsWith(':') ? [second] : [])];
}

/** Returns the scripts that list each checker, with the contracts that promise everything between them. */
async function scenariosByChecker(): Promise<Map<string, string[]>> {
  const found: { checker: string; script: string }[] = [];
  for (const path of CONTRACTS) {
    const contract = await loadContract(path);
    for (const { name, script } of await allScenarios(Object.keys(contract.breakers))) {
      const scenario = await loadScenario(name, contract, 'fast');
      if ('skipped' in scenario) continue;
      found.push(...scenario.proof.holds.map((checker) => ({ checker, script: `\`${script.name}\`` })));
    }
  }
  const byChecker = Map.groupBy(found, ({ checker }) => checker);
  return new Map([...byChecker].map(([checker, of]) => [checker, [...new Set(of.map(({ script }) => script))].sort()]));
}
