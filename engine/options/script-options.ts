import { z } from 'zod';
import { duration, named, texts, whole } from '../base/json-rules.ts';
import { KNOWN_SYSTEM_TAGS } from '../metrics/tags.ts';
import { blacklistIPs, blockHostnames, dns, hosts, tlsAuth, tlsCipherSuites, tlsVersion } from './network-options.ts';
import { ownOptions } from './own-options.ts';

const threshold = z.union([
  z.string().transform((expression) => ({ expression, abortOnFail: false, delayAbortEval: 0 })),
  named(
    z.object({
      threshold: z.string().default(''),
      abortOnFail: z.boolean().default(false),
      delayAbortEval: duration.default(0),
    }),
  ).transform(({ threshold: expression, ...rest }) => ({ expression, ...rest })),
]);

const thresholds = z.record(
  z.string(),
  z
    .array(threshold)
    .nullable()
    .transform((list) => list ?? []),
);

/** The top-level `stages` option. As in k6, a stage without a duration is skipped here, but not in a scenario. */
const stages = z
  .array(
    z.preprocess((given) => given ?? {}, named(z.object({ duration: duration.optional(), target: whole.optional() }))),
  )
  .transform((given) => given.filter((stage) => stage.duration !== undefined));

const systemTags = z
  .array(z.string())
  .transform((names) => KNOWN_SYSTEM_TAGS.filter((name) => names.includes(name)) as readonly string[]);

const scenario = z.preprocess(
  (given) => given ?? {},
  named(z.object({ executor: z.string().optional() })).transform(({ executor }) => executor),
);

/** An option that must be false: k6's REST API, which would resume a test or end it, is missing. */
const offOnly = (why: string) => z.literal(false, { error: `${why}; only false is supported` });

/** The options that apply as they were read. Durations are in milliseconds after parsing. */
const SIMPLE = {
  summaryTrendStats: z.array(z.string()),
  // k6 knows three units. Other values have no effect.
  summaryTimeUnit: z.string().transform((unit) => (['s', 'ms', 'us'].includes(unit) ? unit : '')),
  userAgent: z.string(),
  noConnectionReuse: z.boolean(),
  noVUConnectionReuse: z.boolean(),
  noCookiesReset: z.boolean(),
  insecureSkipTLSVerify: z.boolean(),
  discardResponseBodies: z.boolean(),
  throw: z.boolean(),
  /** The maximum number of requests per second for all VUs together, or 0 for no limit. */
  rps: whole,
  /** The maximum number of concurrent requests in one `http.batch()`, or 0 for no limit. */
  batch: whole,
  batchPerHost: whole,
  hosts,
  httpDebug: z.string().transform((mode) => (mode === '' || mode === 'full' ? mode : ('headers' as const))),
  tlsAuth,
  blockHostnames,
  blacklistIPs,
  dns,
  minIterationDuration: duration.transform((ms) => Math.max(0, ms)),
  setupTimeout: duration.refine((ms) => ms > 0, 'setupTimeout must be positive'),
  teardownTimeout: duration,
  handleSummaryTimeout: duration,
};

export type SimpleOptions = {
  readonly [Name in keyof typeof SIMPLE]: Exclude<z.output<(typeof SIMPLE)[Name]>, undefined>;
};

/** k6's options by name. */
export const OPTIONS = {
  scenarios: z.record(z.string(), z.unknown()).superRefine((given, context) => {
    for (const [name, options] of Object.entries(given)) {
      const executor = scenario.safeParse(options);
      if (!executor.success) context.addIssue(`scenario ${name}: ${executor.error.issues[0]?.message}`);
      else if (!executor.data) context.addIssue(`scenario '${name}' doesn't have a specified executor type`);
    }
  }),
  vus: whole,
  iterations: whole,
  duration,
  stages,
  executionSegment: z.string(),
  executionSegmentSequence: z.string(),
  thresholds,
  tags: texts,
  systemTags,
  maxRedirects: whole,
  tlsVersion,
  tlsCipherSuites,
  paused: offOnly('it needs an API that the embedded engine does not have'),
  noSetup: z.boolean(),
  noTeardown: z.boolean(),
  ...SIMPLE,
  // These options concern k6's internals, its cloud and related tools. They have no effect here.
  metricSamplesBufferSize: whole,
  cloud: z.unknown(),
  features: z.array(z.string()),
  ext: z.looseObject({ proofload: ownOptions.optional() }),
};

export const scriptOptions = named(z.object(OPTIONS).partial());

export type ScriptOptions = z.output<typeof scriptOptions>;

/** The `--config` file. The engine can't apply its other settings. */
export const configurationFile = named(
  z
    .object({
      ...OPTIONS,
      linger: offOnly('it needs an API that the embedded engine does not have'),
      webDashboard: offOnly('the embedded engine has no dashboard'),
      features: z.array(z.string()).max(0, 'the embedded engine has no feature flags'),
      out: z.array(z.string()).max(0, 'outputs are flags of the embedded engine: --out'),
    })
    .partial(),
);
