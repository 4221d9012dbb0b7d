/** The script's file name in the output folder, in the ConfigMap and in the pods. */
export const SCRIPT = 'script.js';

/** The tag of all samples of a run, whose value is the run's id. */
export const RUN = 'proofload_run';

/** The tag that k6-operator and `run-part.sh` use to mark an instance's samples. */
export const INSTANCE = 'instance_id';

/** The Trend with which each VU numbers its iterations, beginning with 1. A sample is recorded as an iteration starts. */
export const ITERATION = 'proofload_iteration';

/** The tag of these samples that names the VU. */
export const VU = 'proofload_vu';

/** The environment variable with the file for k6's totals. By default, they are printed to stdout. */
export const TOTALS_FILE = 'PROOFLOAD_TOTALS';

/** The label of all Kubernetes objects of a run, whose value is the run's id. */
export const RUN_LABEL = 'proofload-run';

/** The file with an instance's samples. In shell scripts, `part` may be a variable. */
export const samplesFile = (part: number | string): string => `samples-${part}.json`;

/**
 * Returns k6's arguments for an instance. It has only part of the samples, so it must not judge thresholds. Instead,
 * `proofload gather` does this. The totals need the number of samples of each Trend.
 */
export const k6Arguments = (run: string): string =>
  `--no-thresholds --summary-trend-stats=count --include-system-env-vars --tag ${RUN}=${run}`;
