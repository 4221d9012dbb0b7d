import { EngineError, GoError, TestAbortedError } from '../base/errors.ts';
import { EXIT_CODES } from '../base/exit-codes.ts';
import type { ScriptExports } from '../base/script-exports.ts';
import type { Waiter } from '../blocking/carried.ts';
import { describeError } from '../vu/describe-error.ts';
import type { Outcome } from '../vu/event-loop.ts';
import type { Vu } from '../vu/vu.ts';
import { installGlobals } from './install-globals.ts';
import { ScriptModules } from './script-modules.ts';

/** Time limit for the init stage in milliseconds. k6 has none. */
const INIT_LIMIT = 60_000;

/**
 * Evaluates the script for a VU, which is the VU's init stage. Each VU has its own instances of the modules.
 *
 * @returns The script's exports.
 * @throws EngineError SCRIPT_EXCEPTION if the script can't be read or throws
 */
export async function evaluateScript(vu: Vu): Promise<ScriptExports> {
  installGlobals();
  vu.limit.set(performance.now() + INIT_LIMIT, new GoError(`the init stage took longer than ${INIT_LIMIT / 1_000} s`));
  const load = async (waiter: Waiter) => {
    // The event loop does not know about pending file reads.
    const release = vu.loop.hold(() => {});
    try {
      waiter.onValue({ ...(await new ScriptModules(vu).load(vu.test.script)) });
    } catch (error) {
      waiter.onError(error);
    } finally {
      release();
    }
  };
  const outcome = await new Promise<Outcome>((resolve) =>
    vu.runAs(() => vu.loop.run((waiter) => void load(waiter), resolve)),
  );
  vu.limit.set(Number.POSITIVE_INFINITY, null);
  if (outcome.kind === 'done') return withOptions(outcome.value as ScriptExports, vu.test.options.exported.set);
  if (outcome.kind === 'threw' && outcome.error instanceof EngineError) throw outcome.error;
  if (outcome.kind !== 'threw') throw new EngineError('SCRIPT_EXCEPTION', 'interrupted');
  const { error: cause, inPromise } = outcome;
  // As in k6, calling `exec.test.abort()` in the init stage ends the run with its own exit code.
  const thrown = inPromise ? EXIT_CODES.other : EXIT_CODES.scriptException;
  const exitCode = cause instanceof TestAbortedError ? EXIT_CODES.aborted : thrown;
  throw new EngineError('SCRIPT_EXCEPTION', describeError(cause, inPromise), exitCode, { cause });
}

/** As in k6, the `options` that the script exports then contain those of the command line, too. */
function withOptions(exports: ScriptExports, set: Readonly<Record<string, unknown>>): ScriptExports {
  const { options } = exports;
  if (options === null || typeof options !== 'object') return exports;
  for (const [name, value] of Object.entries(set)) Reflect.set(options, name, value);
  return exports;
}
