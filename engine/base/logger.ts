export type Level = 'debug' | 'info' | 'warning' | 'error';

/** What a line says beside its message. */
export interface LogDetails {
  /** `console` for what a script says itself. */
  readonly source?: 'console';
  /** Why something failed. */
  readonly error?: string;
}

/** Writes the lines of a run's log. */
export interface Logger {
  log(level: Level, message: string, details?: LogDetails): void;
}

export type LogFormat = 'json' | 'text';

/**
 * A logger in k6's formats: JSON lines of level, msg, time, source and error, or logfmt.
 *
 * @param write Takes one line with its end.
 * @param verbose Whether lines of level `debug` are written.
 */
export function createLogger(format: LogFormat, verbose: boolean, write: (line: string) => void): Logger {
  return {
    log(level, msg, { source, error } = {}) {
      if (level === 'debug' && !verbose) return;
      const time = `${new Date().toISOString().slice(0, 19)}Z`;
      const line =
        format === 'json'
          ? JSON.stringify({ ...(error !== undefined && { error }), level, msg, ...(source && { source }), time })
          : `time="${time}" level=${level} msg=${JSON.stringify(msg)}${error === undefined ? '' : ` error=${JSON.stringify(error)}`}${source ? ` source=${source}` : ''}`;
      write(`${line}\n`);
    },
  };
}

/** A logger that says nothing. */
export const silentLogger: Logger = { log: () => {} };
