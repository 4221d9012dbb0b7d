import type { Options } from 'k6/options';

interface Once {
  /** The number of VUs. Defaults to 1. */
  readonly clients?: number;
  /** Defaults to a threshold that fails if a client does not reach the end. */
  readonly thresholds?: NonNullable<Options['thresholds']>;
}

/** Returns the options of a script that each client (VU) runs once. The harness limits how long it may take. */
export const runOnce = ({ clients = 1, thresholds = { iterations: [`count==${clients}`] } }: Once = {}): Options => ({
  scenarios: { once: { executor: 'per-vu-iterations', vus: clients, iterations: 1, maxDuration: '24h' } },
  thresholds,
});

/** The options of a script that a single client runs once. */
export const options = runOnce();
