import { rm } from 'node:fs/promises';
import { ProcessFailure } from '../base/errors.ts';
import { Child, type ChildOptions } from './child.ts';

/** Start timeout for a lab process, in milliseconds. */
const LIMIT_MS = 30_000;

/**
 * Starts a lab process that prints a line of JSON with `ready: true` when it is ready. `says` is written to its
 * standard input as the first line. Folders that it names in lines such as `{"made":"/tmp/x"}` are removed when it has
 * ended, also if it was killed.
 *
 * @returns The process and the parsed line.
 * @throws ProcessFailure if it exits or is not ready in time.
 */
export async function startUntilReady<Ready>(
  options: ChildOptions & { says?: string },
): Promise<{ child: Child; ready: Ready }> {
  const said: string[] = [];
  const folders: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<Ready>();
  const child = await Child.start({
    ...options,
    endsWithInput: true,
    onLine: (line, stream) => {
      said.push(line);
      options.onLine?.(line, stream);
      if (stream === 'stdout' && line.startsWith('{"made":')) {
        const { made } = JSON.parse(line) as { made: string };
        folders.push(made);
        options.reaper?.rememberFolder(made);
      }
      if (stream === 'stdout' && line.startsWith('{"ready":true')) resolve(JSON.parse(line));
    },
  });
  child.exited.then(async () => {
    for (const folder of folders) {
      await rm(folder, { recursive: true, force: true });
      options.reaper?.forgetFolder(folder);
    }
  });
  if (options.says !== undefined) child.say(options.says);
  const failed = (why: string) => reject(new ProcessFailure(why, said.slice(-20)));
  const timer = setTimeout(() => failed(`not ready after ${LIMIT_MS / 1_000} s`), LIMIT_MS);
  child.exited.then(({ code, signal }) => failed(`ended with ${signal ?? `exit code ${code}`} before it was ready`));
  try {
    return { child, ready: await promise };
  } catch (error) {
    await child.stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
