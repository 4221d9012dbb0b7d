import type { Contract } from './contract.ts';
import { filledTexts } from './filled-texts.ts';

/** Returns whether a contract's service uses PostgreSQL: it has a pool or a ledger, or uses `${postgres}`. */
export const usesPostgres = (contract: Contract): boolean =>
  contract.pool !== undefined ||
  contract.ledger !== undefined ||
  filledTexts(contract).some(({ text }) => /\$\{postgres(\.\w+)?\}/.test(text));
