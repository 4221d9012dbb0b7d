import type { Family } from '../lib/family.ts';
import { acknowledgedBeforeACrash } from './acknowledged-before-a-crash.ts';
import { acknowledgedInAnOutage } from './acknowledged-in-an-outage.ts';
import { acknowledgedIsStored } from './acknowledged-is-stored.ts';
import { databaseOutageSurvived } from './database-outage-survived.ts';
import { failedCallsStoreNothing } from './failed-calls-store-nothing.ts';
import { ledgerKeepsRow } from './ledger-keeps-row.ts';
import { lostReplyStoredOnce } from './lost-reply-stored-once.ts';
import { POOL_MUTANTS } from './mutants.ts';
import { notServedWithoutDatabase } from './not-served-without-database.ts';
import { poolCeiling } from './pool-ceiling.ts';
import { poolEndpointReadsTable } from './pool-endpoint-reads-table.ts';
import { poolFreeDuringUpstreamCalls } from './pool-free-during-upstream-calls.ts';
import { poolLeaksNothing } from './pool-leaks-nothing.ts';
import { poolRecovers } from './pool-recovers.ts';
import { poolRefusals } from './pool-refusals.ts';
import { poolRefusesTheRest } from './pool-refuses-the-rest.ts';
import { poolSaysWhen } from './pool-says-when.ts';
import { poolSurvivesLostConnections } from './pool-survives-lost-connections.ts';

export const POOL: Family = {
  title: 'Database',
  checkers: [
    ledgerKeepsRow,
    failedCallsStoreNothing,
    poolEndpointReadsTable,
    poolCeiling,
    poolRefusesTheRest,
    poolSaysWhen,
    poolRefusals,
    poolRecovers,
    poolFreeDuringUpstreamCalls,
    poolSurvivesLostConnections,
    poolLeaksNothing,
    databaseOutageSurvived,
    notServedWithoutDatabase,
    acknowledgedInAnOutage,
    acknowledgedBeforeACrash,
    acknowledgedIsStored,
    lostReplyStoredOnce,
  ],
  mutants: POOL_MUTANTS,
};
