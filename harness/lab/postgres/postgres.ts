import { messageOf, ProofloadError } from '../../base/errors.ts';
import { redactSetting, secrets } from '../../base/secrets.ts';
import type { Reaper } from '../../process/reaper.ts';
import { asAdmin } from './database.ts';
import { startEmbedded } from './embedded-process.ts';
import { checkPostgresChoice, isPostgresUrl } from './postgres-choice.ts';
import { engineHint, startContainer } from './postgres-container.ts';
import type { Postgres } from './running-postgres.ts';

/**
 * Starts a lab's PostgreSQL or connects to it.
 *
 * @param choice `container`, `embedded`, the `postgres://` URL of an existing server, or `auto`, which means
 * `container` if a container engine is available and otherwise `embedded`.
 * @param data A copy of another embedded server's data, with which an embedded server starts.
 * @throws ProofloadError USAGE for any other choice, or POSTGRES_FAILED if the server is not available or its role
 * isn't allowed to create roles and databases, or PACKAGE_MISSING
 */
export async function startPostgres(choice: string, reaper: Reaper, data?: string): Promise<Postgres> {
  secrets.hidePassword(choice);
  checkPostgresChoice(choice);
  try {
    if (isPostgresUrl(choice)) return await given(choice);
    if (choice === 'container') return await startContainer(reaper);
    if (choice === 'embedded') return await startEmbedded('as asked', [], reaper, data);
    return await startEither(reaper, data);
  } catch (error) {
    if (error instanceof ProofloadError) throw error;
    throw new ProofloadError('POSTGRES_FAILED', `PostgreSQL (${redactSetting(choice)}): ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function given(adminUrl: string): Promise<Postgres> {
  const [role] = await asAdmin(adminUrl, async (client) => {
    const { rows } = await client.query(
      'SELECT rolname AS name, rolsuper OR (rolcreaterole AND rolcreatedb) AS may FROM pg_roles WHERE rolname = current_user',
    );
    return rows as { name: string; may: boolean }[];
  });
  if (!role?.may)
    throw new Error(
      `the role "${role?.name}" may not create roles and databases; use a superuser, or grant both rights`,
    );
  const { host } = new URL(adminUrl);
  return { description: `PostgreSQL at ${host} (POSTGRES)`, adminUrl, [Symbol.asyncDispose]: async () => {} };
}

async function startEither(reaper: Reaper, data?: string): Promise<Postgres> {
  const hint = engineHint();
  if (!hint) return startEmbedded('no container engine', [], reaper, data);
  if (data !== undefined) return startEmbedded(`as the other labs`, [], reaper, data);
  try {
    return await startContainer(reaper);
  } catch (error) {
    return startEmbedded(`the container engine at ${hint} did not start one: ${messageOf(error)}`, [], reaper);
  }
}
