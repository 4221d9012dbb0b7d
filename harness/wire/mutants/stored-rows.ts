import type { WireMutant } from '../wire-mutant.ts';

export const ROW_MUTANTS: readonly WireMutant[] = [
  {
    name: 'row-deleted',
    does: 'the last row of the ledger is deleted before it is read',
    turnsRed: ['ledger-keeps-row', 'acknowledged-is-stored'],
    needs: 'ledger',
    create: () => ({ row: 'deleted' }),
  },
  {
    name: 'row-doubled',
    does: 'the last row of the ledger is stored twice before it is read',
    turnsRed: ['ledger-keeps-row', 'acknowledged-is-stored'],
    needs: 'ledger',
    create: () => ({ row: 'doubled' }),
  },
  {
    name: 'all-rows-doubled',
    does: 'all rows of the ledger are stored twice before they are read',
    turnsRed: ['lost-reply-stored-once'],
    disturbs: ['ledger-keeps-row', 'acknowledged-is-stored'],
    needs: 'ledger',
    create: () => ({ row: 'all doubled' }),
  },
];
