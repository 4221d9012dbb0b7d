import { z } from 'zod';
import { duration, stages } from '../executors/schema.ts';
import { KNOWN_SYSTEM_TAGS } from '../metrics/tags.ts';
import { blacklistIPs, blockHostnames, dns, tlsAuth, tlsCipherSuites, tlsVersion } from './network-options.ts';
import { strictnessOptions } from './strictness.ts';

const threshold = z.union([
  z.string().transform((expression) => ({ expression, abortOnFail: false, delayAbortEval: 0 })),
  z
    .strictObject({
      threshold: z.string(),
      abortOnFail: z.boolean().default(false),
      delayAbortEval: duration.nullable().default(0),
    })
    .transform(({ threshold: expression, abortOnFail, delayAbortEval }) => ({
      expression,
      abortOnFail,
      delayAbortEval: delayAbortEval ?? 0,
    })),
]);

/** Both need k6's REST API, by which a paused test is resumed, and which `linger` keeps there. */
const offOnly = z.literal(false, {
  error: 'it needs an API that the embedded engine does not have; it can be false',
});

/** The options that a script exports, as far as this engine knows them. Durations are milliseconds once read. */
export const scriptOptions = z.strictObject({
  scenarios: z.record(z.string(), z.looseObject({ executor: z.string() })).optional(),
  vus: z.int().optional(),
  iterations: z.int().optional(),
  duration: z.union([z.string(), z.number()]).optional(),
  stages: stages.optional(),
  executionSegment: z.string().optional(),
  executionSegmentSequence: z.string().optional(),
  thresholds: z.record(z.string(), z.union([z.array(threshold), threshold.transform((one) => [one])])).optional(),
  tags: z.record(z.string(), z.coerce.string()).optional(),
  systemTags: z.array(z.enum(KNOWN_SYSTEM_TAGS)).optional(),
  summaryTrendStats: z
    .array(
      z
        .string()
        .regex(
          /^(avg|min|med|max|count|p\(\d+(\.\d+)?\))$/,
          'summaryTrendStats knows avg, min, med, max, count and p(N)',
        ),
    )
    .optional(),
  summaryTimeUnit: z.enum(['s', 'ms', 'us', '']).optional(),
  userAgent: z.string().optional(),
  maxRedirects: z.int().min(0).optional(),
  noConnectionReuse: z.boolean().optional(),
  noVUConnectionReuse: z.boolean().optional(),
  noCookiesReset: z.boolean().optional(),
  insecureSkipTLSVerify: z.boolean().optional(),
  discardResponseBodies: z.boolean().optional(),
  throw: z.boolean().optional(),
  rps: z.int().min(0).optional(),
  hosts: z.record(z.string(), z.string()).optional(),
  httpDebug: z
    .enum(['', 'headers', 'full'])
    .or(z.boolean().transform((on) => (on ? ('headers' as const) : ('' as const))))
    .optional(),
  tlsAuth: tlsAuth.optional(),
  tlsVersion: tlsVersion.optional(),
  tlsCipherSuites: tlsCipherSuites.optional(),
  blockHostnames: blockHostnames.optional(),
  blacklistIPs: blacklistIPs.optional(),
  dns: dns.optional(),
  paused: offOnly.optional(),
  linger: offOnly.optional(),
  // Of the tool around the script: without a meaning here.
  noUsageReport: z.boolean().optional(),
  batch: z.int().optional(),
  batchPerHost: z.int().optional(),
  minIterationDuration: duration.optional(),
  setupTimeout: duration.optional(),
  teardownTimeout: duration.optional(),
  // For k6's cloud and for tools around it: without a meaning here, as in `k6 run`.
  cloud: z.unknown().optional(),
  ext: z.looseObject({ proofload: strictnessOptions.optional() }).nullish(),
});

export type ScriptOptions = z.infer<typeof scriptOptions>;
