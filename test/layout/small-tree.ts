import { execFile } from 'node:child_process';
import { mkdir, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

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
  'docs/architecture.md': '| room | content |\n\nThe graph:\n\n```mermaid\n```\n',
};

/** Runs a script of this folder in a small tree with these files, and returns its output and a page of the tree. */
export async function runInTree(script: string, files: Readonly<Record<string, string>>, ...args: string[]) {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'tree-'));
  for (const [file, text] of Object.entries({ ...TREE, ...files })) {
    await mkdir(dirname(join(folder.path, file)), { recursive: true });
    await writeFile(join(folder.path, file), text);
  }
  const run = promisify(execFile)(process.execPath, [join(import.meta.dirname, script), ...args], { cwd: folder.path });
  const ended = await run.catch((error: { stdout: string; stderr: string; code: number }) => error);
  const page = await readFile(join(folder.path, 'docs/architecture.md'), 'utf8');
  return { code: 'code' in ended ? ended.code : 0, stdout: ended.stdout, stderr: ended.stderr, page };
}
