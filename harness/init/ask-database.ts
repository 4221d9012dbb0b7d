import type { ContractFile } from '../contract/contract.ts';
import { endpoint, orNone, seconds, statuses, text, whole } from './answers.ts';
import { type Endpoint, MAIN } from './ask-endpoints.ts';
import type { Ask } from './question.ts';

/** The name of the endpoint that reads a table. */
const READ = 'read';

/** The parts of a contract that concern the database. */
export interface Database {
  parts: Pick<ContractFile, 'pool' | 'ledger'>;
  endpoints: Record<string, Endpoint>;
  pool?: NonNullable<ContractFile['profiles'][string]['pool']>;
}

/** Asks about the table that is read and the rows that are stored. `acknowledged` are the main endpoint's statuses. */
export async function askDatabase(ask: Ask, acknowledged: number[]): Promise<Database> {
  const { pool, endpoints, size } = await askPool(ask);
  const ledger = await askLedger(ask, acknowledged);
  return { parts: { ...(pool && { pool }), ...(ledger && { ledger }) }, endpoints, ...(size && { pool: size }) };
}

async function askPool(ask: Ask) {
  const read = await ask({
    name: 'readEndpoint',
    ask: 'Which endpoint reads one table with one query, such as "GET /items", or none?',
    usual: 'none',
    answer: orNone(endpoint),
  });
  if (!read) return { endpoints: {} };
  const served = await ask({
    name: 'readServed',
    ask: 'Which status means success? (several: "200 404"; 404 if that item does not exist)',
    usual: '200',
    answer: statuses,
  });
  const table = await ask({ name: 'table', ask: 'Which table does it read?', usual: 'items', answer: text });
  const max = await ask({
    name: 'poolMax',
    ask: 'How many connections does the pool have?',
    usual: '10',
    answer: whole,
  });
  const acquireTimeoutSeconds = await ask({
    name: 'poolWaitSeconds',
    ask: 'How many seconds may a request wait for a connection?',
    usual: '2',
    answer: seconds,
  });
  return {
    pool: { table, endpoint: READ, refusal: 503 },
    endpoints: { [READ]: { ...read, served, reaches: [] } },
    size: { max, acquireTimeoutSeconds },
  };
}

async function askLedger(ask: Ask, acknowledged: number[]): Promise<ContractFile['ledger']> {
  const table = await ask({
    name: 'ledgerTable',
    ask: 'In which table does each request to the tested endpoint store a row, or none?',
    usual: 'none',
    answer: orNone(text),
  });
  if (table === undefined) return undefined;
  const column = await ask({
    name: 'ledgerColumn',
    ask: 'Which column identifies the request?',
    usual: 'id',
    answer: text,
  });
  const key = await ask({
    name: 'ledgerKey',
    ask: 'What does that column contain? ("${unique}" is the text from the request)',
    usual: '${unique}',
    answer: text.includes('${unique}', { message: 'a text with ${unique} in it' }),
  });
  return { endpoint: MAIN, table, column, key, acknowledged };
}
