import { now } from '../../base/clock.ts';
import type { StartAttempt } from '../../history/events.ts';
import { awaitReady } from '../../process/readiness.ts';
import type { Reaper } from '../../process/reaper.ts';
import type { Launch } from './launch.ts';
import { requireOwnPort } from './own-port.ts';
import { startProgram } from './start-program.ts';

/** Maximum time for a start to succeed or be rejected, in milliseconds. */
const LIMIT_MS = 15_000;

export interface AttemptOptions {
  about: string;
  launch: Launch;
  /** A URL that is requested repeatedly. A 2xx response means that the service has started. */
  readyUrl: string;
  reaper: Reaper;
}

/**
 * Tries to start a service that may reject its settings, then stops it.
 *
 * @throws ProofloadError SERVICE_PORT_TAKEN if another process answers in its place
 */
export async function attemptStart(options: AttemptOptions): Promise<StartAttempt> {
  const at = now();
  const output: string[] = [];
  const { workers: _, ...alone } = options.launch;
  const child = await startProgram(alone, options.reaper, (line) => output.push(line));
  const { isReady: started } = await awaitReady(child, options.readyUrl, LIMIT_MS);
  const refused = !started && !child.running;
  try {
    if (started) requireOwnPort(child, alone, Number(new URL(options.readyUrl).port));
  } catch (error) {
    await child.stop();
    throw error;
  }
  const { code } = await child.stop();
  return {
    type: 'start',
    at,
    about: options.about,
    outcome: started ? 'started' : refused ? 'refused' : 'neither',
    code: refused ? code : null,
    output: output.join('\n'),
  };
}
