import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type CopyOfTheTree, copyOfTheTree } from './copy-of-the-tree.ts';

/** Each existing file that an addition has to touch is one that its author has to find. */
const MOST_EDITED = 2;

const CHECKER = `import { tagsIn } from '../../history/history.ts';
import { onAnswers } from '../../wire/answers.ts';
import { madeUp } from '../../wire/exchange.ts';
import { isDoing } from '../../wire/wire-phase.ts';
import { type BuiltInChecker, isServed, planned } from '../lib/checker.ts';

/** Checks that every call is served while nothing happens. */
export const thrownAway: BuiltInChecker = {
  name: 'thrown-away',
  restsOn: ['steady-state'],
  usually: 'The service answers only the first call.',
  fix: 'Let the service answer every call.',
  cases: (facts) =>
    planned(facts, 'thrown away')?.map(({ endpoint }) => ({
      check: checkOf(endpoint),
      promises: [['endpoints', endpoint, 'served']],
    })),
  judge: (history, facts) =>
    history.phases('thrown away').map((phase) => {
      const calls = history.requestsIn(phase);
      const served = calls.filter((call) => isServed(facts, call)).length;
      return {
        check: checkOf(phase.endpoint),
        requests: tagsIn(phase),
        expected: 'all calls are served',
        observed: \`\${served} of \${calls.length} served\`,
        verdict: calls.length === 0 ? 'INCONCLUSIVE' : served === calls.length ? 'PASS' : 'FAIL',
      };
    }),
};

const checkOf = (endpoint: string): string => \`serves after nothing: \${endpoint}\`;

export const fallenAway = onAnswers({
  name: 'fallen-away',
  does: 'a call after nothing gets 500',
  turnsRed: ['thrown-away'],
  when: ({ phase }) => isDoing(phase, 'thrown away'),
  change: () => madeUp(500),
});
`;

const SCENARIO = `import type { Options } from 'k6/options';
import type { Proof } from '../../harness/contract/proof.ts';
import { context } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { call } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';

export { handleSummary } from '../lib/summary.ts';

const ENDPOINTS = Object.keys(context.endpoints);

export const proof: Proof = {
  about: 'Calls each endpoint after nothing has happened. It is served.',
  judges: 'what is thrown away',
  clients: 1,
  seconds: 1,
  conditions: ['no-rate-limits'],
  holds: ['steady-state', 'thrown-away'],
  plan: ENDPOINTS.map((endpoint) => ({ action: 'thrown away', endpoint })),
};

export const options: Options = {
  scenarios: { calls: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '1m' } },
};

export default async function (): Promise<void> {
  await steady('steady');
  for (const endpoint of ENDPOINTS) await call(endpoint, { phase: await lab.phase({ action: 'thrown away', endpoint }) });
}
`;

const DEFECT = `import { caughtBy, runNamed } from '../defect.ts';
import { withSettings } from '../run-with.ts';

export const defects = caughtBy('stress/throw-away', 'thrown-away', {
  // The service throws everything away.
  'everything-thrown-away': { check: 'serves after nothing: health', run: withSettings({}) },
});

if (import.meta.main) await runNamed(defects);
`;

async function addCheck(copy: CopyOfTheTree): Promise<void> {
  await copy.add('harness/checkers/load/thrown-away.ts', CHECKER);
  const index = 'harness/checkers/load/index.ts';
  await copy.edit(index, '\n\nexport', "\nimport { fallenAway, thrownAway } from './thrown-away.ts';\n\nexport");
  await copy.edit(index, '  checkers: [', '  checkers: [\n    thrownAway,');
  await copy.edit(index, 'mutants: LOAD_MUTANTS', 'mutants: [...LOAD_MUTANTS, fallenAway]');
}

async function addScenario(copy: CopyOfTheTree): Promise<void> {
  await copy.add('scenarios/stress/throw-away.ts', SCENARIO);
  await copy.edit(
    'harness/contract/phases.ts',
    "  'by hand': 'by hand',\n",
    "  'by hand': 'by hand',\n  'thrown away': 'thrown away: {endpoint}',\n",
  );
}

const FAULT = `import { z } from 'zod';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/** Responds with 200 and \`letters\` letters. */
export const gibberish = defineUpstreamFault({
  kind: 'gibberish',
  does: 'responds with 200 and letters',
  effect: 'fails',
  seen: 'body',
  fields: { letters: z.int().min(1).max(100).describe('a whole number from 1 to 100').meta({ examples: [5] }) },
  create: ({ letters }) => ({ answer: async () => new Response('x'.repeat(letters)) }),
});
`;

const FAULT_TEST = `import { expect, test } from 'vitest';
import { startFakeLab } from '../../mocks/fake-lab.ts';

test('responds with letters', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'gibberish', letters: 3 });
  expect(await lab.complete()).toMatchObject({ status: 200, text: 'xxx' });
});
`;

async function firstChange(): Promise<[test: string, fault: string]> {
  const page = await readFile('CONTRIBUTING.md', 'utf8');
  const blocks = [...page.matchAll(/^ {3}```ts\n(.*?)^ {3}```$/gms)].map(([, block = '']) =>
    block.replace(/^ {3}/gm, ''),
  );
  expect(blocks).toHaveLength(2);
  return blocks as [string, string];
}

async function addFaults(copy: CopyOfTheTree): Promise<void> {
  const [noContentTest, noContent] = await firstChange();
  await copy.add('faults/kinds/gibberish.ts', FAULT);
  await copy.add('faults/kinds/no-content.ts', noContent);
  await copy.add('test/faults/kinds/gibberish.test.ts', FAULT_TEST);
  await copy.add('test/faults/kinds/no-content.test.ts', noContentTest);
  const kinds = 'faults/kinds/index.ts';
  const imports = "import { gibberish } from './gibberish.ts';\nimport { noContent } from './no-content.ts';\n";
  await copy.edit(kinds, 'import ', `${imports}import `);
  // The order doesn't matter.
  await copy.edit(kinds, 'const onRequests = byName(\n', 'const onRequests = byName(\n  gibberish,\n  noContent,\n');
  const last = "  { kind: 'malformed-json' },\n";
  await copy.edit(
    'service/proofload.config.ts',
    last,
    `${last}  { kind: 'gibberish', letters: 3 },\n  { kind: 'no-content' },\n`,
  );
}

/** What `make docs` writes about checks, scenarios and faults. The reference of contracts takes longer than all of it. */
const PAGES = ['docs/checks', 'docs/failing-checks.md', 'docs/faults.md', 'docs/proving.md', 'docs/scenarios.md'];

/** The tests of everything that lists checks, defects, scenarios or kinds of faults, as far as they are quick. */
const TESTS = [
  'defects/catalogue',
  'defects/matrix',
  'harness/checkers/index',
  'harness/contract/phases',
  'harness/contract/scenario-names',
  'harness/run/select-scenarios',
  'faults/kinds/gibberish',
  'faults/kinds/index',
  'faults/kinds/lib/upstream-fault',
  'faults/kinds/no-content',
  'faults/plan/parse-fault',
  'faults/control/fakes-api',
  'harness/contract/known-faults',
  'harness/contract/rules/breakers',
  'harness/contract/rules/endpoints',
  'harness/workbench/fault-fields',
  'scenarios/failure-policy',
  'scenarios/lib/failures',
  'scenarios/rehearsal/rehearsal',
].map((name) => `test/${name}.test.ts`);
/** Of the rehearsals, only the quickest. */
const NAMES = '^(?!no scenario .* for a contract with (?!only an endpoint$)|each script is rehearsed)';

/** Without the other tests, which take as long as all the rest. */
const TSCONFIG = JSON.stringify({
  extends: './tsconfig.json',
  include: ['harness', 'scenarios', 'service', 'test/defects', 'test/docs', 'test/faults', 'test/harness/checkers'],
  compilerOptions: { declaration: false },
});

test('a check, a scenario and faults need two edited files each, also if the check comes before the scenario', async () => {
  await using copy = await copyOfTheTree();
  const writeDocs = (...parts: string[]) => copy.node('test/docs/write-docs.ts', ...parts);
  const edited = async (add: (to: CopyOfTheTree) => Promise<void>) => {
    copy.edited.clear();
    await add(copy);
    return copy.edited.size;
  };

  expect(await edited(addCheck)).toBeLessThanOrEqual(MOST_EDITED);
  expect(await writeDocs('docs/failing-checks.md', 'docs/checks')).toEqual({
    code: 0,
    output: expect.stringMatching(MISSING),
  });

  expect(await edited(addScenario)).toBeLessThanOrEqual(MOST_EDITED);
  await copy.add('test/defects/services/thrown-away.ts', DEFECT);
  expect(await edited(addFaults)).toBeLessThanOrEqual(MOST_EDITED);
  expect(await writeDocs(...PAGES)).toEqual({ code: 0, output: '' });

  // In one worker, which loads the modules once.
  const vitest = copy.node('node_modules/vitest/vitest.mjs', 'run', '--maxWorkers', '1', '-t', NAMES, ...TESTS);
  await copy.add('tsconfig.quick.json', TSCONFIG);
  // With several threads, each of them checks the types that all files use.
  const options = ['--project', 'tsconfig.quick.json', '--singleThreaded'];
  const tsc = copy.node('node_modules/typescript/bin/tsc', ...options);
  for (const { code, output } of await Promise.all([vitest, tsc])) expect(code, output).toBe(0);
});

/** What `make docs` says about a check that nothing uses yet. */
const MISSING = /^✖ thrown-away: no scenario applies it.*\n✖ thrown-away: no defect makes it fail.*\n$/;
