import { readStatements } from './postgres-messages.ts';
import type { Recognizer } from './recognizer.ts';

/** Statements that clients send on their own: around the statements of a transaction, or to prepare a connection. */
const OWN =
  /^\s*(?:(?:begin|start\s+transaction|commit|end|rollback|savepoint|release|set|reset|discard|deallocate|show|listen|unlisten)\b|select\s+1\s*;?\s*$|;?\s*$)/i;

/** Whether a query is a single statement. */
const isSingle = (query: string): boolean => !/;\s*\S/.test(query);

/**
 * Each query is a call: a simple query, or the execution of a prepared statement. The handshake, the preparation of a
 * statement and statements such as BEGIN, COMMIT, SET and SELECT 1 are not calls.
 */
export function postgres(): Recognizer {
  const read = readStatements();
  return {
    sent: (bytes) =>
      read(bytes)
        .filter((query) => !(OWN.test(query) && isSingle(query)))
        .map(() => 'query'),
  };
}
