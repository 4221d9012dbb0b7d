import { ALL_FAMILIES, BUILT_IN, COMMON, WIRE_MUTANTS } from '../../harness/checkers/index.ts';
import type { BuiltInChecker } from '../../harness/checkers/lib/checker.ts';
import { fill } from '../../harness/report/text/wrap.ts';
import { DEFECTS } from '../defects/catalogue.ts';
import { checksOf, pathOf, readSources, type Sources, Undocumented } from './checker-sources.ts';
import { describedScripts } from './described-scripts.ts';

/** Returns a page for each checker, by its path. */
export async function checkPages(): Promise<Map<string, string>> {
  const sources = await readSources();
  const appliedIn = await scriptsByChecker();
  const pages = ALL_FAMILIES.flatMap(({ title, checkers }) =>
    checkers.map((checker) => {
      const scenarios = Object.hasOwn(COMMON, checker.name) ? ['every scenario'] : appliedIn.get(checker.name);
      return [
        `docs/checks/${checker.name}.md`,
        pageOf(checker, { family: title, sources, scenarios: scenarios ?? [] }),
      ] as const;
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

function pageOf(checker: BuiltInChecker, { family, sources, scenarios }: Context): string {
  const { name, usually, fix, restsOn = [] } = checker;
  const checks = checksOf(name, sources).map((check) => `- ${check}\n`);
  const first = restsOn.map((cause) => `[${cause}](${cause}.md)`).join(', ');
  const paragraphs = [
    `# ${name}`,
    ...provesOf(name, sources),
    `Subject: ${family.toLowerCase()}. Applied in ${scenarios.join(', ') || NOWHERE} ([scenarios](../scenarios.md)).`,
    `## Its checks\n\n${checks.join('')}`,
    '## Usual causes',
    usually,
    ...(first === '' ? [] : [`If one of these failed as well, start there: ${first}.`]),
    '## How to fix it',
    fix,
    '## Defects that it must detect',
    ...defectsOf(checker),
    ...wireMutantsOf(name),
    'See also [what to do if a check fails](../failing-checks.md).',
  ];
  return `${paragraphs.map(wrapped).join('\n\n')}\n`;
}

/** What a page says while a checker's scenario or defect is missing. docs.test.ts then fails. */
const NOWHERE = 'no scenario yet';
const NO_DEFECT = 'there is none yet';

/** Wraps a paragraph. Lists and tables have lines of their own. */
const wrapped = (text: string): string =>
  text.includes('\n') ? text.trimEnd() : fill(text.split(' '), 0, WIDTH).join('\n');

const WIDTH = 120;

function defectsOf(checker: BuiltInChecker): string[] {
  const defects = DEFECTS.filter((defect) => defect.checker === checker.name);
  const [first] = defects;
  if (!first) return [`None: ${checker.noDefect ?? NO_DEFECT}.`];
  const rows = defects.map(({ name, scenario, check }) => `| \`${name}\` | \`${scenario}\` | ${check} |\n`);
  const advice = `A service with one of these mistakes fails this check. To see it in a checkout of proofload, run \`make prove DEFECT=${first.name}\`.`;
  return [advice, `| mistake | scenario | failed check |\n| --- | --- | --- |\n${rows.join('')}`];
}

function wireMutantsOf(checker: string): string[] {
  const mutants = WIRE_MUTANTS.filter(({ turnsRed }) => turnsRed.includes(checker));
  if (mutants.length === 0) return [];
  const rows = mutants.map(({ name, does }) => `| \`${name}\` | ${does} |\n`);
  const advice =
    'On your own service, `npx proofload prove` simulates these defects on the wire: see [proving](../proving.md).';
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
  if (first === undefined) throw new Undocumented(`${path}: the docblock of "${name}" does not begin with "Checks"`);
  return [first.replace(/\s+/g, ' '), ...(first.endsWith(':') ? [second] : [])];
}

/** Returns what is still missing for the pages of checkers, as sentences. */
export async function missingForPages(): Promise<string[]> {
  const appliedIn = await scriptsByChecker();
  const caught = new Set(DEFECTS.map(({ checker }) => checker));
  return BUILT_IN.flatMap(({ name, noDefect }) => [
    ...(appliedIn.has(name) || Object.hasOwn(COMMON, name)
      ? []
      : [
          `${name}: no scenario applies it. List it in the \`holds\` of one that the reference service, or a contract in test/defects/, does not skip`,
        ]),
    ...(caught.has(name) || noDefect !== undefined
      ? []
      : [`${name}: no defect makes it fail. Add one to test/defects/services/, or say why in \`noDefect\``]),
  ]);
}

/** Returns the scripts that list each checker. */
async function scriptsByChecker(): Promise<Map<string, string[]>> {
  const found = (await describedScripts()).flatMap(({ script, proof }) =>
    proof.holds.map((checker) => ({ checker, script: `\`${script.name}\`` })),
  );
  const byChecker = Map.groupBy(found, ({ checker }) => checker);
  return new Map([...byChecker].map(([checker, of]) => [checker, of.map(({ script }) => script)]));
}
