import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keptText } from '../../engine/base/keep-text.js';
import { ProofloadError } from '../base/errors.ts';
import { isOwnScript, SCRIPT_SOURCES, type Script } from '../contract/scenario-scripts.ts';

/** The proof that a script exports, or why the contract has nothing for it to judge, and whether it lacks the promise. */
export type Evaluated = { readonly proof: unknown } | { readonly lacking: string; readonly isPromised: boolean };

/**
 * Evaluates a script without running it, and returns its proof. For scripts of this package, it is kept for later
 * processes, because loading the engine and all scripts takes longer than most commands: a script and its context are
 * all that a proof depends on.
 *
 * @param context The `ScriptContext`, as JSON.
 * @param place Names what the proof is for. Only the last proof of a script is kept for each place.
 * @throws ProofloadError SCENARIO_INVALID if the script does not export handleSummary
 * @throws EngineError if the script can't be evaluated
 */
export async function evaluateProof(script: Script, context: string, place: string): Promise<Evaluated> {
  const env = { PROOFLOAD: context };
  if (isOwnScript(script)) return evaluate(script, env);
  const kept = keptText('proof', sources() + env.PROOFLOAD, `${script.path} ${place}`);
  if (kept.text !== undefined) return JSON.parse(kept.text);
  const evaluated = await evaluate(script, env);
  kept.keep(JSON.stringify(evaluated));
  return evaluated;
}

async function evaluate({ name, path }: Script, env: Record<string, string>): Promise<Evaluated> {
  const { loadScript } = await import('../../engine/index.ts');
  try {
    const exported = (await loadScript(path, { env })) as { proof?: unknown; handleSummary?: unknown };
    if (exported.handleSummary !== undefined) return { proof: exported.proof };
  } catch (error) {
    const { cause } = error as { cause?: { name?: string; message?: string } };
    const { name: kind = '', message: lacking = '' } = cause ?? {};
    if (kind === 'NotPromised' || kind === 'NotSeen') return { lacking, isPromised: kind === 'NotSeen' };
    throw error;
  }
  throw new ProofloadError('SCENARIO_INVALID', `${name}: it does not export handleSummary, which the harness needs`);
}

let read: string | undefined;

/** Returns a hash of all files that scripts of this package can import. They are read once per process. */
function sources(): string {
  read ??= hash('sha256', SCRIPT_SOURCES.map(contentOf).join(''));
  return read;
}

/** Reads so many small files synchronously, which takes a fraction of the processor time. */
function contentOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort();
  return files.map((file) => `${file}\n${readFileSync(join(folder, file), 'utf8')}`).join('');
}
