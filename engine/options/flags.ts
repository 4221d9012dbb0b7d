import type { LogFormat } from '../base/logger.ts';

export interface Output {
  readonly format: 'json' | 'csv';
  readonly file: string;
}

/** What the command line says of a run. */
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
  /** false leaves out what a run would show at its end, judge, or do before and after. */
  readonly summary: boolean;
  readonly thresholds: boolean;
  readonly setup: boolean;
  readonly teardown: boolean;
  /** The contents of the file of `--config`: options that the script's own override. */
  readonly config: unknown;
  /** `strict`, `maxLate` and `maxMissed`, as they were written. */
  readonly strictness: Readonly<Record<string, unknown>>;
  /** Whether it is flags or variables that say what to run. */
  readonly level: 'cli' | 'env';
  /** Options that override the script's own, as they were written. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A command line that names a script and nothing else. */
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
