import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');
/** What is not part of the sources. Packages are linked. */
const LEFT_OUT = ['.git', '.bundles', 'node_modules', 'results'];

/** Without what tells a process that it belongs to this test run, or to use bundles of this tree. */
const ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(VITEST|PROOFLOAD_)/.test(name)),
);

/** The outcome of a command: its exit code, and what it printed. */
interface Ended {
  readonly code: number;
  readonly output: string;
}

/** A copy of this repository in which a test can add something. Disposing of it deletes it. */
export interface CopyOfTheTree extends AsyncDisposable {
  readonly path: string;
  /** The existing files that have been edited. */
  readonly edited: Set<string>;
  /**
   * Writes a new file.
   *
   * @throws Error if it exists
   */
  add(file: string, text: string): Promise<void>;
  /**
   * Replaces a text in an existing file.
   *
   * @throws Error if the file does not contain it
   */
  edit(file: string, text: string, replacement: string): Promise<void>;
  /** Runs a program with Node in the copy. */
  node(program: string, ...args: string[]): Promise<Ended>;
}

/** Copies this repository to a temporary folder. */
export async function copyOfTheTree(): Promise<CopyOfTheTree> {
  const path = await mkdtemp(join(tmpdir(), 'proofload-tree-'));
  const names = (await readdir(ROOT)).filter((name) => !LEFT_OUT.includes(name));
  // Node's own cp takes ten times as long for three thousand small files.
  const copy = 'tar -cf - --exclude=node_modules "$@" | tar -xf - -C "$0"';
  await promisify(execFile)('sh', ['-c', copy, path, ...names, 'results/README.md'], { cwd: ROOT });
  // A folder with links instead of one link: caches below node_modules belong to the copy.
  const packages = await readdir(join(ROOT, 'node_modules'));
  await mkdir(join(path, 'node_modules'));
  const linked = packages.filter((name) => !name.startsWith('.') || name === '.bin');
  await Promise.all(linked.map((name) => symlink(join(ROOT, 'node_modules', name), join(path, 'node_modules', name))));

  const edited = new Set<string>();
  return {
    path,
    edited,
    async add(file, text) {
      await mkdir(dirname(join(path, file)), { recursive: true });
      await writeFile(join(path, file), text, { flag: 'wx' });
    },
    async edit(file, text, replacement) {
      const before = await readFile(join(path, file), 'utf8');
      if (!before.includes(text)) throw new Error(`${file} does not contain ${JSON.stringify(text)}`);
      await writeFile(
        join(path, file),
        before.replace(text, () => replacement),
      );
      edited.add(file);
    },
    node: (program, ...args) =>
      new Promise((resolve) => {
        const env = { ...ENVIRONMENT, NODE_COMPILE_CACHE: join(path, 'node_modules/.cache/compile') };
        const options = { cwd: path, env, maxBuffer: 1e8 };
        execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) => {
          resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, output: stdout + stderr });
        });
      }),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
