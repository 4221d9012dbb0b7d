import { defineFault } from '../../../faults/kinds/lib/fault.ts';
import type { FaultyDatabase } from './lib/fault.ts';

/**
 * Loses the replies to commits: the server commits, but its reply never arrives, and the connection is reset. The
 * client can't know whether its rows are stored. Only transactions that insert into the contract's ledger, or into the table of a
 * tool, are counted.
 */
export const lostReply = defineFault<Record<never, never>, FaultyDatabase>({
  kind: 'lost-reply',
  does: 'commits rows of the ledger or of a tool, but loses the reply and resets the connection',
  fields: {},
  actsOn: 'connections',
  // A scheduled fault must reject instead of throwing.
  create: () => ({ engage: async (database, fault) => database.loseReplies(fault) }),
});
