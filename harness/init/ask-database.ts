import type { ContractFile } from '../contract/contract.ts';
import { endpoint, optional, seconds, statuses, text, whole } from './answers.ts';
import { type Endpoint, nameOf } from './ask-endpoints.ts';
import { MAIN } from './found/operations.ts';
import type { Ask, Interviewer } from './question.ts';

/** The name of the endpoint that reads a table. */
const READ = 'read';

/** The parts of a contract that concern the database. */
export interface Database {
  parts: Pick<ContractFile, 'pool' | 'ledger'>;
  endpoints: Record<string, Endpoint>;
  pool?: NonNullable<ContractFile['profiles'][string]['pool']>;
}

/** Asks about the table that is read, by an endpoint that is tested or another, and about the rows that are stored. */
export async function askDatabase(
  interviewer: Interviewer,
  tested: Readonly<Record<string, Endpoint>>,
): Promise<Database> {
  const { ask } = interviewer;
  const found = await interviewer.orLeaveOut('the connection pool', () => askPool(interviewer, tested));
  const { pool, endpoints, size } = found ?? { endpoints: {} };
  await interviewer.group(
    'Rows that it stores',
    { ledgerTable: 'table', ledgerColumn: 'column', ledgerKey: 'which contains' },
    'the limit of its endpoint is left out, so too many of its calls would be refused',
  );
  // With a limit that nobody described, too few calls would be acknowledged to judge anything.
  const isLimited = interviewer.find('limitUnsaid') !== undefined;
  const ledger = isLimited ? undefined : await interviewer.orLeaveOut('the ledger', () => askLedger(ask, tested[MAIN]));
  return { parts: { ...(pool && { pool }), ...(ledger && { ledger }) }, endpoints, ...(size && { pool: size }) };
}

interface Pool {
  endpoints: Record<string, Endpoint>;
  pool?: ContractFile['pool'];
  size?: Database['pool'];
}

async function askPool({ ask, group }: Interviewer, tested: Readonly<Record<string, Endpoint>>): Promise<Pool> {
  await group(
    'Connection pool',
    { poolMax: 'connections', poolWaitSeconds: 'seconds that a request waits for one' },
    'it needs an endpoint that reads one table with one query: --set readEndpoint="GET /items"',
  );
  const read = await ask({
    name: 'readEndpoint',
    ask: 'Which endpoint reads one table with one query, such as "GET /items", or none?',
    ...optional(endpoint),
  });
  if (!read) return { endpoints: {} };
  const same = nameOf(tested, read);
  const described = same === undefined && { [READ]: await describeRead(ask, read) };
  const table = await ask({ name: 'table', ask: 'Which table does it read?', answer: text });
  const max = await ask({
    name: 'poolMax',
    ask: 'How many connections does the pool have?',
    answer: whole,
  });
  const acquireTimeoutSeconds = await ask({
    name: 'poolWaitSeconds',
    ask: 'How many seconds may a request wait for a connection?',
    answer: seconds,
  });
  return {
    pool: { table, endpoint: same ?? READ, refusal: 503 },
    endpoints: { ...described },
    size: { max, acquireTimeoutSeconds },
  };
}

async function describeRead(ask: Ask, read: Pick<Endpoint, 'method' | 'path'>): Promise<Endpoint> {
  const served = await ask({
    name: 'readServed',
    ask: 'Which status means success? (several: "200 404"; 404 if that item does not exist)',
    usual: '200',
    answer: statuses,
  });
  return { ...read, served, reaches: [] };
}

async function askLedger(ask: Ask, main: Endpoint | undefined): Promise<ContractFile['ledger']> {
  const table = await ask({
    name: 'ledgerTable',
    ask: 'In which table does each request to the tested endpoint store a row, or none?',
    ...optional(text),
  });
  if (table === undefined) return undefined;
  const column = await ask({
    name: 'ledgerColumn',
    ask: 'Which column identifies the request?',
    answer: text,
  });
  const key = await ask({
    name: 'ledgerKey',
    ask: 'What does that column contain? ("${unique}" is the text from the request)',
    usual: keyIn(main?.body, column),
    answer: text.includes('${unique}', { message: 'a text with ${unique} in it' }),
  });
  return { endpoint: MAIN, table, column, key, acknowledged: main?.served ?? [] };
}

/** Returns the text of a request that a row probably keeps: of the field with the column's name, or the first one. */
function keyIn(body: unknown, column: string): string {
  const texts: (readonly [field: string, text: string])[] = [];
  JSON.stringify(body, (field, value) => {
    if (typeof value === 'string' && value.includes(UNIQUE)) texts.push([field, value]);
    return value;
  });
  const [, text] = texts.find(([field]) => field === column) ?? texts[0] ?? [];
  return text ?? UNIQUE;
}

const UNIQUE = '${unique}';
