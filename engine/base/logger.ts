export type Level = 'debug' | 'info' | 'warning' | 'error';

/** Optional fields of a log line. */
export interface LogDetails {
  /** `console` if the script printed the line. */
  readonly source?: 'console';
  /** The cause of the failure. */
  readonly error?: string;
}

/** Writes the run's log. */
export interface Logger {
  log(level: Level, message: string, details?: LogDetails): void;
}

export const LOG_FORMATS = ['text', 'json', 'raw'] as const;

export type LogFormat = (typeof LOG_FORMATS)[number];

/**
 * Creates a logger for one of k6's formats: logfmt, JSON lines with the fields level, msg, time, source and error, or
 * only the messages (`raw`).
 *
 * @param write Receives one line, including its newline.
 * @param verbose Whether to write `debug` lines.
 */
export function createLogger(format: LogFormat, verbose: boolean, write: (line: string) => void): Logger {
  return {
    log(level, msg, { source, error } = {}) {
      if (level === 'debug' && !verbose) return;
      const time = `${new Date().toISOString().slice(0, 19)}Z`;
      const lines: Record<LogFormat, () => string> = {
        raw: () => msg,
        json: () =>
          JSON.stringify({ ...(error !== undefined && { error }), level, msg, ...(source && { source }), time }),
        text: () =>
          `time="${time}" level=${level} msg=${JSON.stringify(msg)}${error === undefined ? '' : ` error=${JSON.stringify(error)}`}${source ? ` source=${source}` : ''}`,
      };
      write(`${lines[format]()}\n`);
    },
  };
}

/** A logger that discards everything. */
export const silentLogger: Logger = { log: () => {} };
