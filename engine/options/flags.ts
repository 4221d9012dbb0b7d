import type { LogFormat } from '../base/logger.ts';

export interface Output {
  readonly format: 'json' | 'csv';
  readonly file: string;
}

/** The parsed command line of a run. */
export interface Flags {
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** The files of `--out json=FILE` and `--out csv=FILE`. */
  readonly outputs: readonly Output[];
  readonly summaryExport: string | undefined;
  /** Threads that share the VUs. */
  readonly workers: number;
  readonly localAddresses: readonly string[];
  readonly logFormat: LogFormat;
  readonly verbose: boolean;
  readonly color: boolean;
  /** Each switch, if false, skips a part of the run: the summary, thresholds, setup or teardown. */
  readonly summary: boolean;
  readonly thresholds: boolean;
  readonly setup: boolean;
  readonly teardown: boolean;
  /** The content of the `--config` file. The script's own options override it. */
  readonly config: unknown;
  /** `strict`, `maxLate` and `maxMissed`, unparsed. */
  readonly strictness: Readonly<Record<string, unknown>>;
  /** Whether flags or variables select the work. */
  readonly level: 'cli' | 'env';
  /** Options that override the script's own, unparsed. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** The defaults: no flags. */
export const NO_FLAGS: Omit<Flags, 'script'> = {
  env: {},
  tags: {},
  outputs: [],
  summaryExport: undefined,
  workers: 1,
  localAddresses: [],
  logFormat: 'text',
  verbose: false,
  color: false,
  summary: false,
  thresholds: true,
  setup: true,
  teardown: true,
  config: undefined,
  strictness: {},
  level: 'cli',
  options: {},
};
