import type { Recognizer } from './recognizer.ts';

/** Commands that clients send on their own: to open or check a connection, or around the commands of a transaction. */
const OWN = new Set(
  'AUTH CLIENT COMMAND DISCARD ECHO EXEC HELLO INFO MULTI PING QUIT READONLY RESET SCRIPT SELECT UNWATCH WATCH'.split(
    ' ',
  ),
);

const LINE_END = '\r\n';
/** Maximum length of a line or of a command's name. Longer ones are not Redis, and are not kept. */
const MOST_BYTES = 65_536;

/**
 * Each Redis command is a call (RESP arrays, and inline commands). Pipelined commands are counted one by one. Commands
 * that clients send on their own, such as HELLO, CLIENT and PING, are not calls.
 */
export function redis(): Recognizer {
  let rest: Buffer = Buffer.alloc(0);
  /** Bytes of an argument that are still to come, arguments that are missing, and the command's name. */
  let toSkip = 0;
  let missing = 0;
  let name = '';

  function readLine(line: string, after: Buffer): number {
    const length = Number(line.slice(1));
    if (line.startsWith('*')) {
      missing = length;
      name = '';
      return 0;
    }
    if (!line.startsWith('$')) {
      missing = 0;
      name = /^[a-z]+/i.exec(line)?.[0] ?? '';
      return 0;
    }
    if (name !== '') {
      toSkip = length + LINE_END.length;
      return 0;
    }
    if (after.length < length + LINE_END.length) return Number.NaN;
    name = after.toString('latin1', 0, length);
    missing -= 1;
    return length + LINE_END.length;
  }

  return {
    sent(bytes) {
      const found: string[] = [];
      let data = Buffer.concat([rest, bytes]);
      while (data.length > 0) {
        if (toSkip > 0) {
          const skipped = Math.min(toSkip, data.length);
          toSkip -= skipped;
          data = data.subarray(skipped);
          if (toSkip === 0) missing -= 1;
        } else {
          const end = data.indexOf(LINE_END);
          if (end < 0) break;
          const after = data.subarray(end + LINE_END.length);
          const used = readLine(data.toString('latin1', 0, end), after);
          if (Number.isNaN(used)) break;
          data = after.subarray(used);
        }
        if (missing > 0 || toSkip > 0 || name === '') continue;
        found.push(name.toUpperCase());
        name = '';
      }
      rest = data.length > MOST_BYTES ? Buffer.alloc(0) : Buffer.from(data);
      return found.filter((command) => !OWN.has(command));
    },
  };
}
