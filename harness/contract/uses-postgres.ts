import type { Contract } from './contract.ts';
import { filledTexts } from './filled-texts.ts';
import { placeholdersIn } from './placeholders.ts';

/** The database's name in the control API, in receipts, and as the upstream of a breaker. */
export const DATABASE = 'database';

/** Returns whether a contract's service uses PostgreSQL: it has a pool or a ledger, uses `${postgres}`,
 * or the contract describes its tables. */
export const usesPostgres = (contract: Contract): boolean =>
  contract.database !== undefined ||
  contract.pool !== undefined ||
  contract.ledger !== undefined ||
  filledTexts(contract).some(({ text }) => placeholdersIn(text).some((name) => /^postgres(\.|$)/.test(name)));

/** Returns whether the database is behind a breaker. Only then does the lab count its queries. */
export const hasDatabaseBreaker = ({ breakers }: Pick<Contract, 'breakers'>): boolean =>
  Object.values(breakers).some(({ upstream }) => upstream === DATABASE);
