import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { silentLogger } from '../base/logger.ts';
import type { ScriptExports } from '../base/script-exports.ts';
import { evaluateScript } from '../script/evaluate-script.ts';
import { Test } from '../vu/test.ts';
import { Vu } from '../vu/vu.ts';

/**
 * Evaluates a script's init stage once, without running the test, to read its exports, such as `options`. Console
 * output is discarded.
 *
 * @param path An absolute path, or a path relative to the working directory.
 * @param given.env The content of `__ENV`. Defaults to an empty object.
 * @returns The script's exports.
 * @throws EngineError SCRIPT_EXCEPTION if the script can't be read or throws
 */
export function loadScript(
  path: string,
  given: { env?: Readonly<Record<string, string>> } = {},
): Promise<ScriptExports> {
  return evaluateScript(new Vu(new Test({ script: pathToFileURL(resolve(path)), logger: silentLogger, ...given }), 0));
}
