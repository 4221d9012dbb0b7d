import type { LogFormat } from '../output/logger.ts';

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
  readonly quiet: boolean;
  readonly color: boolean;
  /** false leaves out what a run would show at its end, judge, or do before and after. */
  readonly summary: boolean;
  readonly thresholds: boolean;
  readonly setup: boolean;
  readonly teardown: boolean;
  /** The contents of the file of `--config`: options that the script's own override. */
  readonly config: unknown;
  /** Options that override the script's own, as they were written. */
  readonly options: Readonly<Record<string, unknown>>;
}
