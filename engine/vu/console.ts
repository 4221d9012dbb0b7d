import { formatValue } from '../base/format-value.ts';
import type { Level, Logger } from '../base/logger.ts';

export type VuConsole = Record<'log' | 'info' | 'warn' | 'error' | 'debug', (...values: unknown[]) => void>;

/** The console of scripts: it writes to the run's log, and knows no format specifiers, as in k6. */
export function createConsole(logger: Logger): VuConsole {
  const at =
    (level: Level) =>
    (...values: unknown[]): void =>
      logger.log(level, values.map(formatValue).join(' '), { source: 'console' });
  return { log: at('info'), info: at('info'), warn: at('warning'), error: at('error'), debug: at('debug') };
}
