import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readText } from '../../faults/base/read-text.ts';

/** The line that excludes the results of runs from commits. */
const LINE = '/results/';

/** Matches lines that exclude all results. */
const IGNORED = /^\/?results(\/\*?)?$/;

/**
 * Adds the results of runs to the `.gitignore` of a folder, unless git ignores them already. Without such a file, it
 * writes one only in a git repository.
 *
 * @returns Whether the file was changed.
 */
export async function ignoreResults(folder: string): Promise<boolean> {
  const path = join(folder, '.gitignore');
  const before = existsSync(path) ? await readText(path) : undefined;
  if (before === undefined && !isInRepository(folder)) return false;
  const text = before ?? '';
  if (text.split(/\r?\n/).some((line) => IGNORED.test(line.trim())) || isIgnored(folder)) return false;
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' || text.endsWith('\n') ? '' : end;
  await writeFile(path, `${text}${gap}${LINE}${end}`);
  return true;
}

const isInRepository = (folder: string): boolean =>
  existsSync(join(folder, '.git')) || (dirname(folder) !== folder && isInRepository(dirname(folder)));

/** Whether git ignores the results, for example because of the file of a folder above. */
function isIgnored(folder: string): boolean {
  try {
    execFileSync('git', ['check-ignore', '--quiet', 'results/runs'], { cwd: folder, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
