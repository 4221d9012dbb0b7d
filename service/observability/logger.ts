import { type DestinationStream, type LevelWithSilent, type Logger, pino } from 'pino';
import { createRedaction, SECRET_FIELDS } from './redaction.ts';
import { currentRequestId } from './request-context.ts';

// An error can be its own cause.
const CAUSES_MAX = 5;

/**
 * Creates a logger that writes JSON lines. `request_id` identifies the request. Errors are reduced to their name, code,
 * message and cause, because stacks reveal details about the machine and other fields may contain payloads.
 * Credentials, including the given `secrets`, are removed from every line.
 */
export function createLogger(
  level: LevelWithSilent,
  secrets: readonly string[],
  destination: DestinationStream,
): Logger {
  return pino(
    {
      level,
      base: null,
      mixin: requestId,
      serializers: { err: (error: unknown) => describeError(error) },
      redact: { paths: SECRET_FIELDS, censor: '[redacted]' },
      hooks: { streamWrite: createRedaction(secrets) },
    },
    destination,
  );
}

function requestId(): object {
  const request_id = currentRequestId();
  return request_id === undefined ? {} : { request_id };
}

function describeError(error: unknown, causes = 0): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, cause } = error;
  const code = (error as Error & { code?: unknown }).code;
  const causeFields = cause !== undefined && causes < CAUSES_MAX ? { cause: describeError(cause, causes + 1) } : {};
  return { name, code, message, ...causeFields };
}
