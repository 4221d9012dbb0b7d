import type { LogFormat } from '../base/logger.ts';

export interface Output {
  readonly format: 'json' | 'csv';
  readonly file: string;
}

/** How much the end-of-test summary shows. */
export const SUMMARY_MODES = ['compact', 'full', 'disabled'] as const;

type SummaryMode = (typeof SUMMARY_MODES)[number];

/** A run's parsed command line. */
export interface Flags {
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** The files specified by `--out json=FILE` and `--out csv=FILE`. */
  readonly outputs: readonly Output[];
  readonly summaryExport: string | undefined;
  /** The number of threads that the VUs are distributed over. */
  readonly workers: number;
  readonly localAddresses: readonly string[];
  /** The folder with copies of the modules of jslib.k6.io. */
  readonly jslib: string | undefined;
  readonly logFormat: LogFormat;
  readonly verbose: boolean;
  readonly color: boolean;
  /** Whether to print progress. */
  readonly progress: boolean;
  readonly summaryMode: SummaryMode;
  /** If a switch is false, the corresponding part of the run is skipped: thresholds, setup or teardown. */
  readonly thresholds: boolean;
  readonly setup: boolean;
  readonly teardown: boolean;
  /** The content of the `--config` file. Options in the script take precedence. */
  readonly config: unknown;
  /** The unparsed options that only this engine has, such as `strict`. */
  readonly own: Readonly<Record<string, unknown>>;
  /** Whether flags or environment variables determine what to run. */
  readonly level: 'cli' | 'env';
  /** Unparsed options that take precedence over the script's options. */
  readonly options: Readonly<Record<string, unknown>>;
}
