import { type DestinationStream, type LevelWithSilent, type Logger, pino } from 'pino';

/**
 * The log: JSON lines, `msg` holds the text. Errors are reduced to what names them: a stack trace tells of the
 * machine, and other fields of a library's error may hold what was being sent.
 */
export function createLogger(level: LevelWithSilent, destination: DestinationStream = pino.destination(1)): Logger {
  return pino({ level, base: null, serializers: { err: describeError } }, destination);
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, cause } = error;
  const code = (error as Error & { code?: unknown }).code;
  return { name, code, message, ...(cause === undefined ? {} : { cause: describeError(cause) }) };
}
