import { expect, test } from 'vitest';
import { runInTree } from './small-tree.ts';

const JUDGE = 'harness/judge/judge.ts';
const importing = (path: string) => `export * from '${path}';`;

const FILES = {
  [JUDGE]: 'export const judge = 1;',
  'harness/judge/judge-again.ts': importing('./judge.ts'),
  'harness/lab/lab.ts': 'export const lab = 1;',
  'harness/run/run.ts': importing('../judge/judge-again.ts') + importing('../lab/lab.ts'),
  'harness/run/page.css': '',
  'test/harness/judge/judge.test.ts': importing('../../../harness/judge/judge.ts'),
  'test/harness/judge/judge-fails.test.ts': '',
  'test/harness/judge/judge-again.test.ts': importing('../../../harness/judge/judge-again.ts'),
  'test/harness/judge/zz.test.ts': importing('../../../harness/judge/judge.ts'),
  'test/defects/a.test.ts': importing('../../harness/judge/judge.ts'),
  'test/bin/a.test.ts': "spawn('node', ['harness/judge/judge.ts']);",
  'test/harness/run/run.test.ts': importing('../../../harness/run/run.ts'),
  'test/support/helper.ts': importing('../../harness/run/run.ts'),
  'test/support/helper.test.ts': importing('./helper.ts'),
};

async function testsOf(...args: string[]) {
  const { code, stdout, stderr } = await runInTree('tests-of.js', FILES, ...args);
  return { code, lines: stdout.trim().split('\n'), stderr };
}

const NEAR = [
  'test/harness/judge/judge.test.ts  mirrors it',
  'test/harness/judge/judge-fails.test.ts  mirrors it',
  'test/harness/judge/zz.test.ts  imports it',
  'test/defects/a.test.ts  imports it',
  'test/bin/a.test.ts  contains its path',
];

test('the tests of a file begin with those that mirror it', async () => {
  expect(await testsOf(`./${JUDGE}`)).toEqual({
    code: 0,
    lines: NEAR,
    stderr: `\n3 others import it through other files: ALL=1 lists them\nto run those above: make test OF=${JUDGE}\n`,
  });
});

test('all tests of a file end with those that import it through the most files', async () => {
  expect(await testsOf('--all', JUDGE)).toEqual({
    code: 0,
    lines: [
      ...NEAR,
      'test/harness/judge/judge-again.test.ts  imports it through another file',
      'test/harness/run/run.test.ts  imports it through 2 other files',
      'test/support/helper.test.ts  imports it through 3 other files',
    ],
    stderr: '',
  });
});

test('a file that no test imports has the tests of those that import it, and a helper has those beside it', async () => {
  expect((await testsOf('--paths', 'harness/lab/lab.ts')).lines).toEqual(['test/harness/run/run.test.ts']);
  expect((await testsOf('test/support/helper.ts')).lines).toEqual(['test/support/helper.test.ts  mirrors it']);
});

test.each([
  [[], 'name a source file: FILE=harness/judge/judge.ts'],
  [['harness/jugde.ts'], 'there is no file harness/jugde.ts'],
  [['..'], '.. is outside this repository'],
  [['harness/judge/'], 'harness/judge is a folder: its tests are in test/harness/judge/'],
  [['test/defects/a.test.ts'], 'test/defects/a.test.ts is a test itself'],
  [['harness/run/page.css'], 'no test imports harness/run/page.css, or contains its path: look at test/harness/run/'],
])('%j has no tests, which is an error', async (args, problem) => {
  expect(await testsOf(...args)).toEqual({ code: 2, lines: [''], stderr: `✖ ${problem}\n` });
});
