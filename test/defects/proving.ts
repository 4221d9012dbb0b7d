import { EXIT } from '../../harness/base/errors.ts';

/** What a part of `make prove` found: its last lines, and its exit code. */
export interface Proving {
  readonly lines: readonly string[];
  readonly code: number;
}

/**
 * Runs parts one after another, whatever the earlier ones found, until `signal` is aborted. Returns the lines of all, and
 * the worst exit code.
 */
export async function proveAll(
  parts: readonly ((signal: AbortSignal) => Promise<Proving>)[],
  signal: AbortSignal,
): Promise<Proving> {
  const found: Proving[] = [];
  for (const prove of parts) if (!signal.aborted) found.push(await prove(signal));
  const stopped = signal.aborted ? [`not all were run: ${String(signal.reason)}`] : [];
  const codes = [...found.map(({ code }) => code), signal.aborted ? EXIT.inconclusive : EXIT.pass];
  return { lines: [...found.flatMap(({ lines }) => ['', ...lines]), ...stopped], code: worstOf(codes) };
}

/** Returns the exit code for several. */
export const worstOf = (codes: readonly number[]): number =>
  [EXIT.fail, EXIT.labFailed, EXIT.inconclusive].find((code) => codes.includes(code)) ?? EXIT.pass;
