import { acknowledgedInAnOutage } from '../../../../harness/checkers/pool/acknowledged-in-an-outage.ts';
import { acknowledgedIsStored } from '../../../../harness/checkers/pool/acknowledged-is-stored.ts';
import { databaseOutageSurvived } from '../../../../harness/checkers/pool/database-outage-survived.ts';
import { ledgerKeepsRow } from '../../../../harness/checkers/pool/ledger-keeps-row.ts';
import { lostReplyStoredOnce } from '../../../../harness/checkers/pool/lost-reply-stored-once.ts';
import { poolCeiling } from '../../../../harness/checkers/pool/pool-ceiling.ts';
import { poolEndpointReadsTable } from '../../../../harness/checkers/pool/pool-endpoint-reads-table.ts';
import { poolFreeDuringUpstreamCalls } from '../../../../harness/checkers/pool/pool-free-during-upstream-calls.ts';
import { poolLeaksNothing } from '../../../../harness/checkers/pool/pool-leaks-nothing.ts';
import { poolRecovers } from '../../../../harness/checkers/pool/pool-recovers.ts';
import { poolRefusesTheRest } from '../../../../harness/checkers/pool/pool-refuses-the-rest.ts';
import { poolSaysWhen } from '../../../../harness/checkers/pool/pool-says-when.ts';
import { poolSurvivesLostConnections } from '../../../../harness/checkers/pool/pool-survives-lost-connections.ts';
import { testCases, testNotApplicable, withPlan } from '../../../support/cases.ts';
import { facts } from '../../../support/history.ts';

const { ledger: _, pool: __, ...contract } = facts().contract;
const without = { ...facts(), contract };
const unbounded = facts();
delete unbounded.numbers.pool?.queueMax;
const silent = facts();
if (silent.contract.pool) silent.contract.pool.retryAfter = false;

testCases([
  { checker: acknowledgedInAnOutage, given: facts(), checks: ['acknowledged in an outage is stored'] },
  {
    checker: acknowledgedIsStored,
    given: withPlan(facts(), { action: 'terminated', signal: 'SIGTERM' }, { action: 'terminated', signal: 'SIGKILL' }),
    checks: ['acknowledged is stored: SIGTERM', 'acknowledged is stored: SIGKILL'],
  },
  {
    checker: databaseOutageSurvived,
    given: withPlan(
      facts(),
      { action: 'database outage', fault: 'stop' },
      { action: 'database outage', fault: 'lock' },
    ),
    checks: ['stop', 'lock'].flatMap((fault) => [
      `answers in time: ${fault}`,
      `recovers by itself: ${fault}`,
      `health stays up: ${fault}`,
    ]),
  },
  { checker: ledgerKeepsRow, given: facts(), checks: ['ledger keeps a row: conversation-end'] },
  {
    checker: lostReplyStoredOnce,
    given: withPlan(facts(), { action: 'lost replies' }),
    checks: ['stored once although the reply is lost'],
  },
  {
    checker: poolCeiling,
    given: facts(),
    checks: ['pool reaches its maximum', 'pool never passes its maximum'],
  },
  { checker: poolEndpointReadsTable, given: facts(), checks: ['conversation-read reads conversation_events'] },
  {
    checker: poolFreeDuringUpstreamCalls,
    given: withPlan(
      facts(),
      { action: 'slow upstream', upstream: 'groq', endpoint: 'conversation-end' },
      { action: 'slow upstream', upstream: 'mem0', endpoint: 'activities-suggest' },
    ),
    checks: ['groq in conversation-end', 'mem0 in activities-suggest'].map(
      (one) => `pool free during upstream calls: ${one}`,
    ),
  },
  { checker: poolLeaksNothing, given: facts(), checks: ['pool leaks nothing'] },
  { checker: poolRecovers, given: facts(), checks: ['pool recovers'] },
  {
    checker: poolRefusesTheRest,
    given: facts(),
    checks: ['pool refuses the rest in time', 'pool bounds its queue', 'pool serves calls that hold a connection'],
  },
  {
    checker: poolRefusesTheRest,
    given: unbounded,
    checks: ['pool refuses the rest in time', 'pool serves calls that hold a connection'],
  },
  { checker: poolSaysWhen, given: facts(), checks: ['refusals have a correct Retry-After'] },
  { checker: poolSurvivesLostConnections, given: facts(), checks: ['pool survives lost connections'] },
]);

testNotApplicable([
  [acknowledgedInAnOutage, without],
  [acknowledgedIsStored, without],
  [databaseOutageSurvived, withPlan(facts())],
  [ledgerKeepsRow, without],
  [lostReplyStoredOnce, without],
  [lostReplyStoredOnce, withPlan(facts())],
  [poolEndpointReadsTable, without],
  [poolFreeDuringUpstreamCalls, withPlan(facts())],
  [poolSaysWhen, silent],
]);
