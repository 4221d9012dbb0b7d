import { readStatements } from './postgres-messages.ts';

const BEGINS = /^\s*(?:begin|start\s+transaction)\b/i;
const COMMITS = /(?:^|;)\s*(?:commit|end)\b/i;
const ROLLS_BACK = /^\s*(?:rollback(?!\s+to\b)|abort)\b/i;

/** The last message of a server that is ready for the next query, with no transaction open. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/**
 * Detects commits in the bytes of a PostgreSQL client on one connection. Returns a function that takes the bytes, and
 * returns whether they commit an insert into one of the tables: with COMMIT, or directly outside a transaction.
 */
export function readCommits(...tables: readonly string[]): (bytes: Buffer) => boolean {
  const read = readStatements();
  const names = tables.map(RegExp.escape).join('|');
  const inserts = new RegExp(`\\b(?:insert|merge)\\s+into\\b[^]*?\\b(?:${names})\\b`, 'i');
  let isOpen = false;
  let hasInserted = false;

  function commits(statement: string): boolean {
    if (BEGINS.test(statement)) isOpen = true;
    if (ROLLS_BACK.test(statement)) isOpen = hasInserted = false;
    hasInserted ||= inserts.test(statement);
    if (isOpen && !COMMITS.test(statement)) return false;
    const committed = hasInserted;
    isOpen = hasInserted = false;
    return committed;
  }

  return (bytes) => read(bytes).map(commits).includes(true);
}

/** Returns a function that receives the bytes of a server and returns whether it is ready for the next query. */
export function readReady(): (bytes: Buffer) => boolean {
  let last: Buffer = Buffer.alloc(0);
  return (bytes) => {
    last = Buffer.concat([last, bytes]).subarray(-READY.length);
    return last.equals(READY);
  };
}
