export type Level = 'debug' | 'info' | 'warning' | 'error';

/** Writes the lines of a run's log. */
export interface Logger {
  /** @param source `console` for what a script says itself. */
  log(level: Level, message: string, source?: 'console'): void;
}

export type LogFormat = 'json' | 'text';

/**
 * A logger in k6's formats: JSON lines of level, msg, time and source, or logfmt.
 *
 * @param write Takes one line with its end.
 * @param verbose Whether lines of level `debug` are written.
 */
export function createLogger(format: LogFormat, verbose: boolean, write: (line: string) => void): Logger {
  return {
    log(level, msg, source) {
      if (level === 'debug' && !verbose) return;
      const time = `${new Date().toISOString().slice(0, 19)}Z`;
      const line =
        format === 'json'
          ? JSON.stringify({ level, msg, ...(source && { source }), time })
          : `time="${time}" level=${level} msg=${JSON.stringify(msg)}${source ? ` source=${source}` : ''}`;
      write(`${line}\n`);
    },
  };
}

/** A logger that says nothing. */
export const silentLogger: Logger = { log: () => {} };
