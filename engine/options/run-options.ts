import { BlockList } from 'node:net';
import type { Plan } from '../executors/plan.ts';
import { Share } from '../executors/share.ts';
import { DEFAULT_SYSTEM_TAGS, type Tags } from '../metrics/tags.ts';
import { DEFAULT_DNS } from '../net/resolver.ts';
import type { TlsSettings } from '../net/tls-settings.ts';
import type { ThresholdOption } from '../thresholds/threshold-set.ts';
import type { ExportedOptions } from './exported-options.ts';
import type { SimpleOptions } from './script-options.ts';
import type { Strictness } from './strictness.ts';

/** A run's merged options. Times are in milliseconds. */
export interface RunOptions extends SimpleOptions {
  readonly scenarios: readonly Plan[];
  /** The part of the test that this instance runs. */
  readonly share: Share;
  readonly thresholds: Readonly<Record<string, readonly ThresholdOption[]>>;
  readonly tags: Tags;
  readonly systemTags: ReadonlySet<string>;
  /** null if the option was not set. */
  readonly maxRedirects: number | null;
  readonly tls: TlsSettings;
  readonly runsSetup: boolean;
  readonly runsTeardown: boolean;
  /** The rules of a strict run, or null to judge the run like k6. */
  readonly strict: Strictness | null;
  /** Maximum number of bytes of a response body, after decompression. If a body is larger, the request fails. */
  readonly maxBodySize: number;
  /** The options as scripts see them. */
  readonly exported: ExportedOptions;
}

/** k6's defaults, including its user agent, so that the service sees the same requests. */
export const DEFAULT_OPTIONS: RunOptions = {
  scenarios: [],
  share: Share.WHOLE,
  thresholds: {},
  tags: {},
  systemTags: new Set(DEFAULT_SYSTEM_TAGS),
  summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'],
  summaryTimeUnit: '',
  userAgent: 'Grafana k6/2.2.0',
  maxRedirects: null,
  noConnectionReuse: false,
  noVUConnectionReuse: false,
  noCookiesReset: false,
  insecureSkipTLSVerify: false,
  discardResponseBodies: false,
  throw: false,
  rps: 0,
  hosts: {},
  httpDebug: '',
  tlsAuth: [],
  tls: {},
  blockHostnames: [],
  blacklistIPs: new BlockList(),
  dns: DEFAULT_DNS,
  batch: 20,
  batchPerHost: 6,
  minIterationDuration: 0,
  setupTimeout: 60_000,
  teardownTimeout: 60_000,
  handleSummaryTimeout: 120_000,
  runsSetup: true,
  runsTeardown: true,
  strict: null,
  maxBodySize: Number.POSITIVE_INFINITY,
  exported: { all: {}, set: {} },
};
