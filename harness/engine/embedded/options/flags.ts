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
  readonly localAddresses: readonly string[];
  readonly logFormat: LogFormat;
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
  readonly vus: number | undefined;
  readonly iterations: number | undefined;
  /** As it was written. */
  readonly duration: string | undefined;
}
