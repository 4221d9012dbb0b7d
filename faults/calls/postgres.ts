import type { Recognizer } from './recognizer.ts';

/** The code in a startup message that requests TLS or GSSAPI instead. The real startup message follows. */
const NEGOTIATIONS = [80_877_103, 80_877_104];
/** Length of a message's type, and of the length field that follows. */
const TYPE = 1;
const LENGTH = 4;
/** Bytes of a message that are read. Names and the beginning of a query fit into it, and the rest is skipped. */
const READ = 512;

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
  const statements = new Map<string, string>();
  let rest: Buffer = Buffer.alloc(0);
  let toSkip = 0;
  let isStarted = false;

  /** Returns the text of the query that a message runs, if any. */
  function queryOf(type: string, body: Buffer): string | undefined {
    const [first = '', second = ''] = body.toString('utf8').split('\0');
    if (type === 'P') statements.set(first, second);
    return type === 'Q' ? first : type === 'B' ? (statements.get(second) ?? 'a statement') : undefined;
  }

  return {
    sent(bytes) {
      const found: string[] = [];
      let data = Buffer.concat([rest, bytes]);
      while (data.length > 0) {
        const skipped = Math.min(toSkip, data.length);
        toSkip -= skipped;
        data = data.subarray(skipped);
        const head = (isStarted ? TYPE : 0) + LENGTH;
        if (data.length < head) break;
        const length = data.readUInt32BE(head - LENGTH) - LENGTH;
        const needed = Math.min(length, READ);
        if (data.length < head + needed) break;
        const body = data.subarray(head, head + needed);
        const query = isStarted ? queryOf(data.toString('latin1', 0, TYPE), body) : undefined;
        isStarted ||= needed < LENGTH || !NEGOTIATIONS.includes(body.readUInt32BE(0));
        if (query !== undefined && !(OWN.test(query) && isSingle(query))) found.push('query');
        data = data.subarray(head + needed);
        toSkip = length - needed;
      }
      rest = Buffer.from(data);
      return found;
    },
  };
}
