import type { Logger } from 'pino';
import { createLogger } from '../../../service/observability/logger.ts';

export type LogLine = Record<string, unknown> & { readonly msg: string };

/** Creates a logger that records all lines at every level. */
export function recordLog(secrets: readonly string[] = []): {
  logger: Logger;
  lines: LogLine[];
  messages: () => string[];
} {
  const lines: LogLine[] = [];
  const logger = createLogger('trace', secrets, { write: (line) => lines.push(JSON.parse(line)) });
  return { logger, lines, messages: () => lines.map(({ msg }) => msg) };
}
