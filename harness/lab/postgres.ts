import { messageOf, ProofloadError } from '../errors.ts';
import { redactSetting, secrets } from '../secrets.ts';
import { startEmbedded } from './embedded-process.ts';
import { engineHint, startContainer } from './postgres-container.ts';
import type { Reaper } from './reaper.ts';
import type { ServerSwitch } from './server-switch.ts';

/** A PostgreSQL server that the lab may administer. */
export interface Postgres extends AsyncDisposable {
  /** What it is, for people: which kind, and why that one. */
  description: string;
  /** URL of a role that may create roles and databases and is not bound by the ceiling of plain roles. */
  adminUrl: string;
  /** The process that it and all of its backends descend from; absent where the lab did not start it on this machine. */
  pid?: number;
  /** Stops and starts it; absent where the lab did not start it. */
  server?: ServerSwitch;
}

/**
 * Starts or finds the PostgreSQL of a lab.
 *
 * @param choice `container`, `embedded`, a `postgres://` URL of a server that is there already, or `auto`: a container
 *   where an engine answers, else embedded.
 * @throws ProofloadError USAGE for any other choice; POSTGRES_FAILED where the chosen one can't be had.
 */
export async function startPostgres(choice: string, reaper: Reaper): Promise<Postgres> {
  secrets.hidePassword(choice);
  if (/^postgres(ql)?:\/\//.test(choice)) return given(choice);
  try {
    if (choice === 'container') return await startContainer(reaper);
    if (choice === 'embedded') return await startEmbedded('as asked');
    if (choice === 'auto') return await startEither(reaper);
  } catch (error) {
    throw new ProofloadError('POSTGRES_FAILED', `PostgreSQL (${redactSetting(choice)}): ${messageOf(error)}`, {
      cause: error,
    });
  }
  throw new ProofloadError(
    'USAGE',
    `POSTGRES=${redactSetting(choice)}: it can be auto, container, embedded or a postgres:// URL`,
  );
}

function given(adminUrl: string): Postgres {
  const { host } = new URL(adminUrl);
  return { description: `PostgreSQL at ${host}, as given`, adminUrl, [Symbol.asyncDispose]: async () => {} };
}

async function startEither(reaper: Reaper): Promise<Postgres> {
  const hint = engineHint();
  if (!hint) return startEmbedded('no container engine');
  try {
    return await startContainer(reaper);
  } catch (error) {
    return startEmbedded(`the container engine at ${hint} gave none: ${messageOf(error)}`);
  }
}
