import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Contract } from '../contract/contract.ts';

/** Folders that contain no code of a service. So do all whose names begin with a dot. */
const NO_CODE = new Set(['node_modules', 'results', '__pycache__', 'coverage']);

/** Files that services and tools write while they run: logs, databases, locks, backups of editors. */
const WRITTEN = /(\.(log|pid|tmp|swp|swx|pyc|db|sqlite3?)|-journal|-wal|-shm|~)$|^(#|4913$)|\.timestamp-/;

const isHidden = (name: string): boolean => name.startsWith('.') && !name.startsWith('.env');

/** The files of a service when they were looked at, and the folders that contain them. */
export interface ServiceFiles {
  /** The time and size of each file, by its path. */
  readonly files: ReadonlyMap<string, string>;
  readonly folders: readonly string[];
}

/**
 * Looks at the files of a service: those in the folder of its contract, and in the folder in which it is started.
 *
 * @param results The folder for results, which is left out.
 */
export async function serviceFiles(
  contract: string,
  start: Contract['start'] | undefined,
  results: string,
): Promise<ServiceFiles> {
  const roots = [dirname(resolve(contract)), ...(start?.cwd === undefined ? [] : [resolve(start.cwd)])];
  const files = new Map<string, string>();
  const folders = new Set<string>();
  for (const root of roots) await look(root, results, files, folders);
  return { files, folders: [...folders] };
}

async function look(folder: string, results: string, files: Map<string, string>, folders: Set<string>): Promise<void> {
  if (folders.has(folder)) return;
  folders.add(folder);
  // What disappears meanwhile is no longer a file of the service.
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (isHidden(entry.name)) continue;
    if (entry.isDirectory() && !NO_CODE.has(entry.name) && path !== results) await look(path, results, files, folders);
    if (!entry.isFile() || WRITTEN.test(entry.name)) continue;
    const found = await stat(path).catch(() => undefined);
    if (found) files.set(path, `${found.mtimeMs} ${found.size}`);
  }
}

/** Returns the paths of files that were changed, added or removed. */
export function changedFiles(before: ServiceFiles, after: ServiceFiles): string[] {
  const paths = new Set([...before.files.keys(), ...after.files.keys()]);
  return [...paths].filter((path) => before.files.get(path) !== after.files.get(path)).sort();
}

/** Whether a path is in the folder with a team's own scenarios, checks and faults. */
export const isOwnDefinition = (path: string, contract: string): boolean =>
  path.startsWith(join(dirname(resolve(contract)), 'proofload') + sep);
