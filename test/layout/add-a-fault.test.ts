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

/** A fault of which it depends on the client how it is seen. */
const OTHER = `import { defineUpstreamFault } from './lib/upstream-fault.ts';

/** Responds with 204. */
export const emptiness = defineUpstreamFault({
  kind: 'emptiness',
  does: 'responds with 204',
  effect: 'fails',
  fields: {},
  create: () => ({ answer: async () => new Response(null, { status: 204 }) }),
});
`;

const testOf = (fault: object, answer: object): string => `import { expect, test } from 'vitest';
import { startFakeLab } from '../../mocks/fake-lab.ts';

test('responds differently', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', ${JSON.stringify(fault)});
  expect(await lab.complete()).toMatchObject(${JSON.stringify(answer)});
});
`;

/** The tests of everything that knows all kinds of faults. */
const ABOUT_ALL_KINDS = [
  ...['emptiness', 'gibberish', 'index', 'lib/upstream-fault'].map((name) => `test/faults/kinds/${name}.test.ts`),
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
  const [letters, nothing] = [{ kind: 'gibberish', letters: 3 }, { kind: 'emptiness' }];
  await copy.add('faults/kinds/gibberish.ts', FAULT);
  await copy.add('faults/kinds/emptiness.ts', OTHER);
  await copy.add('test/faults/kinds/gibberish.test.ts', testOf(letters, { status: 200, text: 'xxx' }));
  await copy.add('test/faults/kinds/emptiness.test.ts', testOf(nothing, { status: 204 }));
  const kinds = 'faults/kinds/index.ts';
  const imports = ['gibberish', 'emptiness'].map((name) => `import { ${name} } from './${name}.ts';\n`);
  await copy.edit(kinds, 'import ', `${imports.join('')}import `);
  // The order doesn't matter.
  await copy.edit(kinds, 'const onRequests = byName(\n', 'const onRequests = byName(\n  gibberish,\n  emptiness,\n');
  const contract = 'service/proofload.config.ts';
  const last = "  { kind: 'malformed-json' },\n";
  await copy.edit(contract, last, `${last}  ${JSON.stringify(letters)},\n  ${JSON.stringify(nothing)},\n`);
  expect([...copy.edited]).toEqual([kinds, contract]);
  expect(await copy.node('test/docs/write-docs.ts')).toEqual({ code: 0, output: '' });
  const ended = await Promise.all([
    copy.node('node_modules/vitest/vitest.mjs', 'run', ...ABOUT_ALL_KINDS),
    copy.node('node_modules/typescript/bin/tsc', '--declaration', 'false'),
  ]);
  for (const { code, output } of ended) expect(code, output).toBe(0);
});
