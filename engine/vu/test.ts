import type { Logger } from '../base/logger.ts';
import { type BuiltinMetrics, declareBuiltinMetrics } from '../metrics/builtin-metrics.ts';
import { Collector } from '../metrics/collector.ts';
import { MetricRegistry } from '../metrics/registry.ts';
import type { StrictMetrics } from '../metrics/strict-metrics.ts';
import { Pace } from '../net/pace.ts';
import { type Proxied, readProxied } from '../net/proxied.ts';
import { Resolver } from '../net/resolver.ts';
import { readTrustedRoots } from '../net/trusted-roots.ts';
import { DEFAULT_OPTIONS, type RunOptions } from '../options/run-options.ts';
import { Counts, RUN_COUNTS, type RunCounts, type ScenarioCounts } from './counts.ts';
import { Group } from './group.ts';
import { TestState } from './test-state.ts';

/** The state that all VUs of a run share. */
export class Test {
  readonly script: URL;
  /** The folder with copies of the modules of jslib.k6.io. */
  readonly jslib: URL | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly logger: Logger;
  readonly localAddresses: readonly string[];
  readonly proxied: Proxied;
  /** Whether servers may choose HTTP/2. k6 has the same variable to disable it. */
  readonly http2: boolean;
  readonly registry = new MetricRegistry();
  readonly metrics: BuiltinMetrics = declareBuiltinMetrics(this.registry);
  readonly collector = new Collector();
  readonly rootGroup = new Group();
  /** The checks of all groups by name, in the order of their first results. */
  readonly checks = new Group();
  readonly state = new TestState();
  readonly pace = new Pace();
  /** null unless the run is strict. */
  strictMetrics: StrictMetrics | null = null;
  /** The elements of each SharedArray as JSON strings, by name. */
  readonly sharedArrays = new Map<string, readonly string[]>();
  /** The files that the script opened, and the modules that it required, before the VUs were created. */
  readonly loaded = new Set<string>();
  readonly counts: RunCounts;
  /** Set with the options. */
  scenarioCounts: ReadonlyMap<string, ScenarioCounts> = new Map();
  /** Called about every 10 ms while a VU's code runs. `limit` is the VU's. */
  whileBusy: (limit: object) => void = () => {};
  /** Replaced with the merged options after the script has been read. */
  options: RunOptions = DEFAULT_OPTIONS;
  /** When the test started, on the `performance.now()` clock. 0 until then. */
  startedAt = 0;
  #resolver: Resolver | null = null;
  readonly #readRoots: () => readonly string[] | undefined;
  #roots: readonly string[] | undefined | null = null;

  constructor(given: {
    script: URL;
    jslib?: URL | undefined;
    env?: Readonly<Record<string, string>>;
    logger: Logger;
    localAddresses?: readonly string[];
    counts?: RunCounts | undefined;
    /** The process environment, for proxies and certificates. Defaults to an empty object. */
    environment?: NodeJS.ProcessEnv;
  }) {
    this.script = given.script;
    this.jslib = given.jslib;
    this.env = given.env ?? {};
    this.logger = given.logger;
    this.localAddresses = given.localAddresses ?? [];
    this.proxied = readProxied(given.environment ?? {});
    this.#readRoots = () => readTrustedRoots(given.environment ?? {});
    this.http2 = !/(^|,)http2client=0(,|$)/.test(given.environment?.GODEBUG ?? '');
    this.counts = given.counts ?? new Counts(RUN_COUNTS);
    this.state.signal.addEventListener('abort', () => this.counts.add('aborts', 1));
  }

  /** The DNS resolver that all VUs share. */
  get resolver(): Resolver {
    this.#resolver ??= new Resolver(this.options.dns);
    return this.#resolver;
  }

  /** The trusted roots, or undefined for Node's list. Reading them takes a fifth of a start, so only if needed. */
  get roots(): readonly string[] | undefined {
    if (this.#roots === null) this.#roots = this.#readRoots();
    return this.#roots;
  }

  /** Milliseconds since the test started, or 0 if it has not started. */
  get elapsed(): number {
    return this.startedAt === 0 ? 0 : performance.now() - this.startedAt;
  }
}
