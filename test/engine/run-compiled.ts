import { runSource } from './run-source.ts';

/** One iteration's console output, and the error if it threw. */
export interface CompiledRun {
  readonly said: string[];
  /** The error with its stack. Paths are relative to the script's folder. */
  readonly error: string | undefined;
}

/** Is logged at the end of each evaluation of the script. */
const EVALUATED = '$evaluated';

/**
 * Runs a script in the engine once.
 *
 * @param files File contents by name. The first file is the script. Names may include folders.
 * @returns The console output of one evaluation of the script, and of the iteration.
 */
export async function runCompiled(files: Readonly<Record<string, string>>): Promise<CompiledRun> {
  const [[name = '', source = ''] = [], ...others] = Object.entries(files);
  const run = await runSource(`${source}\nconsole.log('${EVALUATED}');`, { name, files: Object.fromEntries(others) });
  const failed = run.log.find(({ level, source }) => level === 'error' && source !== 'console');
  return { said: once(run.said), error: failed?.msg.replaceAll(`${run.folder}/`, '') };
}

/** The engine evaluates a script several times, also after the iteration. This keeps the output of the first time. */
function once(said: readonly string[]): string[] {
  const length = said.indexOf(EVALUATED);
  const again = new Set<number>();
  for (let end = said.indexOf(EVALUATED, length + 1); end > length; end = said.indexOf(EVALUATED, end + 1)) {
    for (let index = end - length; index <= end; index += 1) again.add(index);
  }
  return said.filter((line, index) => line !== EVALUATED && !again.has(index));
}
