import { expect, test } from 'vitest';
import { runInTree } from './small-tree.ts';

const GRAPH = 'docs/architecture.md shows other rooms or imports: run `make docs`';

/** Returns the page of a small tree with these files, and the complaints about it, sorted. */
async function complaintsWith(files: Readonly<Record<string, string>>, ...options: string[]) {
  const { page, stderr } = await runInTree('borders.js', files, ...options);
  return { page, complaints: stderr.trim().split('\n').toSorted() };
}

const importing = (path: string) => `export * from '${path}';`;

test('a tree whose imports point one way has no complaint but an old graph, which can be written', async () => {
  expect((await complaintsWith({})).complaints).toEqual([GRAPH]);
  const { page, complaints } = await complaintsWith({}, '--write');
  expect(complaints).toEqual(['']);
  expect(page).toContain('  mocks["mocks/"] --> faults\n');
  expect(page).toMatch(/^\| room \| content \|\n.*\n\| `engine\/` \| .*\n\| `faults\/` \| /);
  expect(page).toMatch(/\n\| `test\/` \| .*\n\nThe graph:\n/);
});

test('no file of any depth can break a border, and type imports count', async () => {
  const { complaints } = await complaintsWith({
    'harness/zz.ts': importing('../service/main.ts'),
    'harness/report/html/deep/zz.ts': importing('../../../../service/main.ts'),
    'harness/base/zz.ts': "import type { Phase } from '../contract/phases.ts';\nexport const a: Phase = '';",
    'faults/zz.ts': importing('../engine/index.ts'),
    'scenarios/chaos/zz.ts': importing('../../harness/contract/phases.ts'),
    'service/app/zz.ts': importing('../../engine/index.ts'),
    'harness/checkers/end/a.ts': importing('../start/a.ts'),
    'harness/checkers/lib/a.ts': importing('../start/a.ts'),
    'harness/checkers/end/b.ts': importing('../lib/b.ts'),
    'harness/checkers/start/a.ts': 'export const a = 1;',
    'harness/checkers/lib/b.ts': 'export const b = 1;',
  });
  expect(complaints.map((line) => line.replace(/:.*\(/, ' ('))).toEqual([
    GRAPH,
    'faults/zz.ts -> engine/index.ts (faults-stand-alone)',
    'harness/base/zz.ts -> harness/contract/phases.ts (harness/base-imports-upward)',
    'harness/checkers/end/a.ts -> harness/checkers/start/a.ts (families-stand-alone)',
    'harness/checkers/lib/a.ts -> harness/checkers/start/a.ts (families-stand-alone)',
    'harness/report/html/deep/zz.ts -> service/main.ts (harness/report-imports-upward)',
    'harness/zz.ts -> service/main.ts (harness-imports-upward)',
    'scenarios/chaos/zz.ts -> harness/contract/phases.ts (scripts-import-types)',
    'service/app/zz.ts -> engine/index.ts (service-stands-alone)',
  ]);
});

test('circles of files and of folders are found', async () => {
  const { complaints } = await complaintsWith({
    'engine/run/one.ts': importing('../load/two.ts'),
    'engine/load/two.ts': importing('../run/three.ts'),
    'engine/run/three.ts': 'export const three = 3;',
    'mocks/groq/a.ts': importing('./b.ts'),
    'mocks/groq/b.ts': importing('./a.ts'),
  });
  expect(complaints.join('\n')).toContain('engine/run -> engine/load -> engine/run: folders');
  expect(complaints.join('\n')).toContain('mocks/groq/a.ts -> mocks/groq/b.ts -> mocks/groq/a.ts: files');
});

test('a folder that is no room is refused', async () => {
  const { complaints } = await complaintsWith({ 'harness/new/a.ts': 'export const a = 1;' });
  expect(complaints.join('\n')).toContain('harness/new/a.ts is in no room: add its folder to test/layout/rooms.js');
});

test('a test that is not where readers look for it is found', async () => {
  const { complaints } = await complaintsWith({
    'harness/judge/lib/judge.ts': 'export const judge = 1;',
    'test/harness/judge/judge.test.ts': importing('../../../harness/judge/lib/judge.ts'),
    'test/harness/judge/says-why.test.ts': importing('../../../harness/judge/lib/judge.ts'),
    'test/harness/gone/a.test.ts': importing('../../../harness/judge/lib/judge.ts'),
    'test/defects/a.test.ts': importing('../../harness/judge/lib/judge.ts'),
  });
  expect(complaints).toEqual([
    GRAPH,
    'test/harness/gone/a.test.ts mirrors nothing: there is no folder harness/gone/',
    'test/harness/judge/judge.test.ts is a test of harness/judge/lib/judge.ts: move it to test/harness/judge/lib/',
  ]);
});
