import { oncePerPress } from '../../engine/base/once-per-press.ts';
import { EXIT } from '../base/errors.ts';

/** How long a command that was interrupted may take to end by itself, in milliseconds. */
const PATIENCE_MS = 1_500;

/** How long the processes of its labs may take to end, in milliseconds. Then they are killed. */
export const GRACE_MS = 300;

export interface Interruptible {
  /** Prints what was interrupted. Called once. */
  readonly tell: (line: string) => void;
  /** Removes what the command has written. Called last, and must not wait. */
  readonly remove: () => void;
}

/**
 * Runs a command that Ctrl-C, SIGTERM or SIGHUP ends within 2 s, without a verdict. The signal that `act` gets is
 * aborted first. If `act` does not end soon, or at a second press, the process exits, and reapers clean up what its
 * labs have started.
 */
export async function endAtOnce(
  act: (signal: AbortSignal) => Promise<void>,
  { tell, remove }: Interruptible,
): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const end = (): never => {
    remove();
    process.exit(EXIT.inconclusive);
  };
  const interrupt = oncePerPress((name: NodeJS.Signals) => {
    if (signal.aborted) end();
    // It also removes the progress, which would overwrite the line.
    controller.abort(new Error(`interrupted by ${name}`));
    tell(`${name}: it was interrupted, so there is no verdict`);
    setTimeout(end, PATIENCE_MS);
  });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt);
  await act(signal).catch((error) => {
    if (!signal.aborted) throw error;
  });
  if (signal.aborted) end();
}
