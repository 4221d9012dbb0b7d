import { fileURLToPath } from 'node:url';
import { messageOf, ProofloadError } from '../errors.ts';
import { engineHint, startContainer } from './postgres-container.ts';
import { startUntilReady } from './ready-line.ts';
import type { Reaper } from './reaper.ts';

/** A PostgreSQL server that the lab may administer. */
export interface Postgres extends AsyncDisposable {
  /** What it is, for people: which kind, and why that one. */
  description: string;
  /** URL of a role that may create roles and databases and is not bound by the ceiling of plain roles. */
  adminUrl: string;
}

const EMBEDDED = fileURLToPath(new URL('embedded-postgres.ts', import.meta.url));

/**
 * Starts or finds the PostgreSQL of a lab.
 *
 * @param choice `container`, `embedded`, a `postgres://` URL of a server that is there already, or `auto`: a container
 *   where an engine answers, else embedded.
 * @throws ProofloadError USAGE for any other choice; POSTGRES_FAILED where the chosen one can't be had.
 */
export async function startPostgres(choice: string, reaper: Reaper): Promise<Postgres> {
  if (/^postgres(ql)?:\/\//.test(choice)) return given(choice);
  try {
    if (choice === 'container') return await startContainer(reaper);
    if (choice === 'embedded') return await startEmbedded('as asked');
    if (choice === 'auto') return await startEither(reaper);
  } catch (error) {
    throw new ProofloadError('POSTGRES_FAILED', `PostgreSQL (${choice}): ${messageOf(error)}`, { cause: error });
  }
  throw new ProofloadError('USAGE', `POSTGRES=${choice}: it can be auto, container, embedded or a postgres:// URL`);
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

async function startEmbedded(reason: string): Promise<Postgres> {
  const { child, ready } = await startUntilReady<{ url: string }>({ command: [process.execPath, EMBEDDED] });
  return {
    description: `embedded PostgreSQL (${reason})`,
    adminUrl: ready.url,
    [Symbol.asyncDispose]: async () => {
      await child.stop();
    },
  };
}
