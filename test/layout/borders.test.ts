import { execFile } from 'node:child_process';
import { mkdir, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const SCRIPT = join(import.meta.dirname, 'borders.js');
const TREE: Readonly<Record<string, string>> = {
  'engine/index.ts': 'export const engine = 1;',
  'faults/index.ts': "import '../engine/base/epoch-clock.ts';\nexport const faults = 1;",
  'engine/base/epoch-clock.ts': 'export const clock = 1;',
  'mocks/index.ts': "export { faults } from '../faults/index.ts';",
  'harness/contract/phases.ts': 'export type Phase = string;',
  'harness/cli.ts': "export { engine } from '../engine/index.ts';",
  'scenarios/chaos/outage.ts':
    "import type { Phase } from '../../harness/contract/phases.ts';\nexport const phase: Phase = '';",
  'service/main.ts': 'await using _ = {} as AsyncDisposable;\nexport const service = 1;',
  'bench/main.ts': 'export const bench = 1;',
  'test/a.test.ts': "export { bench } from '../bench/main.ts';",
  'docs/architecture.md': '```mermaid\n```\n',
};

const GRAPH = 'docs/architecture.md shows another graph of imports: run `make docs`';

/** Runs the script in a small tree with these files, and returns the rest of the page and its complaints, sorted. */
async function complaintsWith(files: Readonly<Record<string, string>>, ...options: string[]) {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'borders-'));
  for (const [file, text] of Object.entries({ ...TREE, ...files })) {
    await mkdir(dirname(join(folder.path, file)), { recursive: true });
    await writeFile(join(folder.path, file), text);
  }
  const run = promisify(execFile)(process.execPath, [SCRIPT, ...options], { cwd: folder.path });
  const { stderr } = await run.catch((error: { stderr: string }) => error);
  const page = await readFile(join(folder.path, 'docs/architecture.md'), 'utf8');
  return { page, complaints: stderr.trim().split('\n').toSorted() };
}

const importing = (path: string) => `export * from '${path}';`;

test('a tree whose imports point one way has no complaint but an old graph, which can be written', async () => {
  expect((await complaintsWith({})).complaints).toEqual([GRAPH]);
  const { page, complaints } = await complaintsWith({}, '--write');
  expect(complaints).toEqual(['']);
  expect(page).toContain('  mocks["mocks/"] --> faults\n');
});

test('no file of any depth can break a border, and type imports count', async () => {
  const { complaints } = await complaintsWith({
    'harness/zz.ts': importing('../service/main.ts'),
    'harness/report/html/deep/zz.ts': importing('../../../../service/main.ts'),
    'harness/base/zz.ts': "import type { Phase } from '../contract/phases.ts';\nexport const a: Phase = '';",
    'faults/zz.ts': importing('../engine/index.ts'),
    'scenarios/chaos/zz.ts': importing('../../harness/contract/phases.ts'),
    'service/app/zz.ts': importing('../../engine/index.ts'),
  });
  expect(complaints.map((line) => line.replace(/:.*\(/, ' ('))).toEqual([
    GRAPH,
    'faults/zz.ts -> engine/index.ts (faults-stand-alone)',
    'harness/base/zz.ts -> harness/contract/phases.ts (harness/base-imports-upward)',
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
