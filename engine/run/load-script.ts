import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { silentLogger } from '../base/logger.ts';
import type { ScriptExports } from '../base/script-exports.ts';
import { DEFAULT_OPTIONS } from '../options/run-options.ts';
import { evaluateScript } from '../script/evaluate-script.ts';
import { Test } from '../vu/test.ts';
import { Vu } from '../vu/vu.ts';

/**
 * Evaluates a script once, in the init stage and without running it, so that what it exports can be read: its
 * `options`, and plain data of its own. It says nothing on the console.
 *
 * @param path Absolute, or relative to the working directory.
 * @param given.env What `__ENV` holds; empty by default.
 * @returns The module's namespace.
 * @throws EngineError SCRIPT_EXCEPTION where the script can't be read, or throws.
 */
export function loadScript(
  path: string,
  given: { env?: Readonly<Record<string, string>> } = {},
): Promise<ScriptExports> {
  const test = new Test({
    script: pathToFileURL(resolve(path)),
    env: given.env ?? {},
    logger: silentLogger,
    localAddresses: [],
    options: DEFAULT_OPTIONS,
  });
  return evaluateScript(new Vu(test, 0));
}
