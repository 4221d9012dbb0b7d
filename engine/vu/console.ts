import { formatValue } from '../base/format-value.ts';
import type { Level, Logger } from '../base/logger.ts';

export type VuConsole = Record<'log' | 'info' | 'warn' | 'error' | 'debug', (...values: unknown[]) => void>;

/** Creates the console for scripts. It writes to the run's log and, as in k6, does not support format specifiers. */
export function createConsole(logger: Logger): VuConsole {
  const at =
    (level: Level) =>
    (...values: unknown[]): void =>
      logger.log(level, values.map(formatValue).join(' '), { source: 'console' });
  return { log: at('info'), info: at('info'), warn: at('warning'), error: at('error'), debug: at('debug') };
}
