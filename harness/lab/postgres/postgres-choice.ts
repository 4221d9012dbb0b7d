import { ProofloadError } from '../../base/errors.ts';
import { redactSetting } from '../../base/secrets.ts';

/** Whether a choice of PostgreSQL is the URL of an existing server. */
export const isPostgresUrl = (choice: string): boolean => /^postgres(ql)?:\/\//.test(choice);

/**
 * Checks a choice of PostgreSQL, without connecting to it: see `startPostgres`.
 *
 * @throws ProofloadError USAGE with the allowed values, and without the password in the message
 */
export function checkPostgresChoice(choice: string): void {
  if (['auto', 'container', 'embedded'].includes(choice)) return;
  const refuse = (why: string) => new ProofloadError('USAGE', `POSTGRES=${redactSetting(choice)}: ${why}`);
  if (!isPostgresUrl(choice)) throw refuse('allowed: auto, container, embedded or a postgres:// URL');
  if (URL.canParse(choice) && new URL(choice).hostname !== '') return;
  throw refuse('it is not a URL with a host; allowed: for example postgres://admin:password@127.0.0.1:5432/postgres');
}
