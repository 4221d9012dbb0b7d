/** The code in a startup message that requests TLS or GSSAPI instead. The real startup message follows. */
const NEGOTIATIONS = [80_877_103, 80_877_104];
/** Length of a message's type, and of the length field that follows. */
const TYPE = 1;
const LENGTH = 4;
/** Bytes of a message that are read. Names and the beginning of a query fit into it, and the rest is skipped. */
const READ = 512;

/**
 * Reads the bytes of a PostgreSQL client on one connection. Returns a function that receives them, and returns the
 * texts of the statements that run from now on: simple queries, and executions of prepared statements. A statement that
 * was prepared before the connection was read has the text `a statement`.
 */
export function readStatements(): (bytes: Buffer) => string[] {
  const prepared = new Map<string, string>();
  let rest: Buffer = Buffer.alloc(0);
  let toSkip = 0;
  let isStarted = false;

  /** Returns the text of the statement that a message runs, if any. */
  function statementOf(type: string, body: Buffer): string | undefined {
    const [first = '', second = ''] = body.toString('utf8').split('\0');
    if (type === 'P') prepared.set(first, second);
    return type === 'Q' ? first : type === 'B' ? (prepared.get(second) ?? 'a statement') : undefined;
  }

  return (bytes) => {
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
      const statement = isStarted ? statementOf(data.toString('latin1', 0, TYPE), body) : undefined;
      isStarted ||= needed < LENGTH || !NEGOTIATIONS.includes(body.readUInt32BE(0));
      if (statement !== undefined) found.push(statement);
      data = data.subarray(head + needed);
      toSkip = length - needed;
    }
    rest = Buffer.from(data);
    return found;
  };
}
