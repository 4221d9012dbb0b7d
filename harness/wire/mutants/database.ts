import type { WireMutant } from '../wire-mutant.ts';
import { isDoing } from '../wire-phase.ts';
import { onOneRequest } from './lib/answers.ts';

/** Mutants that act on the database. */
export const DATABASE_MUTANTS: readonly WireMutant[] = [
  {
    name: 'connection-beside-the-pool',
    does: 'the database gets another connection of the service while all connections of the pool are in use',
    turnsRed: ['pool-ceiling'],
    disturbs: ['noisy-neighbour-survived'],
    needs: 'pool',
    create: (wire) =>
      onOneRequest(({ phase }) => {
        if (!isDoing(phase, 'locked')) return false;
        return wire.connectDatabase();
      }),
  },
  {
    name: 'row-deleted',
    does: 'the last row of the ledger is deleted before it is read',
    turnsRed: ['ledger-keeps-row', 'acknowledged-is-stored'],
    needs: 'ledger',
    create: () => ({ row: 'deleted' }),
  },
  {
    name: 'rows-doubled',
    does: 'all rows of the ledger are stored twice before they are read',
    turnsRed: ['ledger-keeps-row', 'acknowledged-is-stored', 'lost-reply-stored-once'],
    needs: 'ledger',
    create: () => ({ row: 'doubled' }),
  },
];
