import { isError, isServed, onAnswers, onOneRequest, refusedIn, replay } from '../../wire/answers.ts';
import { type Exchange, madeUp } from '../../wire/exchange.ts';
import type { Wire, WireMutant } from '../../wire/wire-mutant.ts';
import { actionIn, isDoing } from '../../wire/wire-phase.ts';
import { needing } from './not-served-without-database.ts';

export const POOL_MUTANTS: readonly WireMutant[] = [
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
    name: 'read-without-the-table',
    does: 'reads get an earlier answer while the table is locked',
    turnsRed: ['pool-endpoint-reads-table'],
    disturbs: ['pool-refuses-the-rest', 'pool-says-when', 'pool-recovers'],
    needs: 'pool',
    create: ({ contract: { pool }, served }) => ({
      instead: ({ endpoint, phase }) =>
        isDoing(phase, 'locked') && endpoint === pool?.endpoint ? served(endpoint) : undefined,
    }),
  },
  onAnswers({
    name: 'pool-serves-one-too-many',
    does: 'a call that gets no connection gets an earlier successful answer',
    turnsRed: ['pool-refuses-the-rest'],
    disturbs: ['pool-says-when'],
    needs: 'pool',
    when: (exchange, wire) => isDoing(exchange.phase, 'locked', 'locked again') && isError(exchange, wire),
    change: replay,
  }),
  refusedIn('recovered', 'pool-recovers', 'once the table is free'),
  onAnswers({
    name: 'read-refused-during-upstream-calls',
    does: 'a read is refused while other calls wait for an upstream',
    turnsRed: ['pool-free-during-upstream-calls'],
    needs: 'pool',
    when: (exchange, wire) =>
      isDoing(exchange.phase, 'slow upstream') &&
      exchange.endpoint === wire.contract.pool?.endpoint &&
      isServed(exchange, wire),
    change: (_, { contract }) => madeUp(contract.pool?.refusal ?? 503),
  }),
  onAnswers({
    name: 'call-fails-after-lost-connections',
    does: 'a call without a database connection gets 500',
    turnsRed: ['pool-survives-lost-connections'],
    needs: 'pool',
    when: (exchange, wire) => isDoing(exchange.phase, 'connections lost') && isError(exchange, wire),
    change: () => madeUp(500),
  }),
  onAnswers({
    name: 'reads-refused-once-connections-are-back',
    does: 'reads that need all connections of the pool at the end are refused',
    turnsRed: ['pool-leaks-nothing'],
    disturbs: ['pool-refuses-the-rest', 'pool-says-when'],
    needs: 'pool',
    once: 'each',
    when: (exchange, wire) => isDoing(exchange.phase, 'locked again') && isServed(exchange, wire),
    change: (_, { contract }) => madeUp(contract.pool?.refusal ?? 503),
  }),
  onAnswers({
    name: 'acknowledged-without-a-row',
    does: 'events that were refused get an earlier answer that acknowledged one',
    turnsRed: ['acknowledged-in-an-outage', 'acknowledged-before-a-crash'],
    needs: 'ledger',
    // A row that was written shortly before a crash may be stored although its event was refused.
    once: ({ phase }) => (isDoing(phase, 'written until a crash') ? undefined : String(phase?.id)),
    when: (exchange, wire) =>
      isDoing(exchange.phase, 'database outage', 'written until a crash') &&
      exchange.endpoint === wire.contract.ledger?.endpoint &&
      isError(exchange, wire),
    change: replay,
  }),
  onAnswers({
    name: 'served-without-the-database',
    does: 'a call that fails because the database is away gets an earlier successful answer',
    turnsRed: ['not-served-without-database'],
    disturbs: ['acknowledged-in-an-outage', 'pool-says-when', 'database-outage-survived'],
    needs: 'pool',
    once: 'each',
    when: (exchange, wire) =>
      isDoing(exchange.phase, 'database outage') &&
      needing(wire.contract).includes(exchange.endpoint ?? '') &&
      isError(exchange, wire),
    change: replay,
  }),
  onAnswers({
    name: 'stored-call-fails',
    does: 'a call whose row is stored gets an error after which there must be none',
    turnsRed: ['failed-calls-store-nothing'],
    disturbs: ['thresholds', 'recovers', 'streams-complete'],
    needs: 'endpoints.NAME.storesNothing',
    when: (exchange, wire) =>
      actionIn(exchange.phase, 'failing')?.endpoint === exchange.endpoint &&
      storesNothing(exchange, wire).length > 0 &&
      isServed(exchange, wire),
    change: (exchange, wire) => madeUp(storesNothing(exchange, wire)[0] ?? 502),
  }),
  {
    name: 'row-deleted',
    does: 'the last row of the ledger is deleted before it is read',
    turnsRed: ['ledger-keeps-row', 'acknowledged-is-stored'],
    needs: 'ledger',
    create: () => ({ row: 'deleted' }),
  },
  {
    name: 'row-found-by-another-key',
    does: 'the second read of a row that is not stored yet is answered as if it were',
    turnsRed: ['ledger-keeps-row'],
    needs: 'ledger',
    idle: 'no endpoint that reads a row of the ledger answers with an error if there is none',
    create() {
      const readIn = new Set<number | undefined>();
      return {
        answer({ phase, status }) {
          if (!isDoing(phase, 'read after write') || status < 400 || status >= 500) return undefined;
          if (readIn.has(phase?.id)) return madeUp(200);
          readIn.add(phase?.id);
          return undefined;
        },
      };
    },
  },
  {
    name: 'rows-doubled',
    does: 'all rows of the ledger are stored twice before they are read',
    turnsRed: ['ledger-keeps-row', 'acknowledged-is-stored', 'lost-reply-stored-once'],
    needs: 'ledger',
    create: () => ({ row: 'doubled' }),
  },
];

const storesNothing = ({ endpoint = '' }: Exchange, { contract }: Wire): readonly number[] =>
  contract.endpoints[endpoint]?.storesNothing ?? [];
