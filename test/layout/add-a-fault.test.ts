import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { copyOfTheTree } from './copy-of-the-tree.ts';

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

const TEST = `import { expect, test } from 'vitest';
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

/** The tests of everything that knows all kinds of faults. */
const ABOUT_ALL_KINDS = [
  ...['gibberish', 'index', 'lib/upstream-fault', 'no-content'].map((name) => `test/faults/kinds/${name}.test.ts`),
  'test/faults/plan/parse-fault.test.ts',
  'test/faults/control/fakes-api.test.ts',
  ...['known-faults', 'load', 'rules/breakers', 'rules/endpoints'].map(
    (name) => `test/harness/contract/${name}.test.ts`,
  ),
  'test/harness/workbench/fault-fields.test.ts',
  'test/scenarios/failure-policy.test.ts',
  'test/scenarios/lib/failures.test.ts',
  'test/defects/catalogue.test.ts',
];

test('new faults are added by editing two existing files', async () => {
  await using copy = await copyOfTheTree();
  const [test, fault] = await firstChange();
  await copy.add('faults/kinds/gibberish.ts', FAULT);
  await copy.add('faults/kinds/no-content.ts', fault);
  await copy.add('test/faults/kinds/gibberish.test.ts', TEST);
  await copy.add('test/faults/kinds/no-content.test.ts', test);
  const kinds = 'faults/kinds/index.ts';
  const imports = "import { gibberish } from './gibberish.ts';\nimport { noContent } from './no-content.ts';\n";
  await copy.edit(kinds, 'import ', `${imports}import `);
  // The order doesn't matter.
  await copy.edit(kinds, 'const onRequests = byName(\n', 'const onRequests = byName(\n  gibberish,\n  noContent,\n');
  const contract = 'service/proofload.config.ts';
  const last = "  { kind: 'malformed-json' },\n";
  await copy.edit(contract, last, `${last}  { kind: 'gibberish', letters: 3 },\n  { kind: 'no-content' },\n`);
  expect([...copy.edited]).toEqual([kinds, contract]);
  expect(await copy.node('test/docs/write-docs.ts')).toEqual({ code: 0, output: '' });
  const ended = await Promise.all([
    copy.node('node_modules/vitest/vitest.mjs', 'run', ...ABOUT_ALL_KINDS),
    copy.node('node_modules/typescript/bin/tsc', '--declaration', 'false'),
  ]);
  for (const { code, output } of ended) expect(code, output).toBe(0);
});
