import type { Logger } from '../base/logger.ts';
import { type BuiltinMetrics, declareBuiltinMetrics } from '../metrics/builtin-metrics.ts';
import { Collector } from '../metrics/collector.ts';
import { MetricRegistry } from '../metrics/registry.ts';
import type { StrictMetrics } from '../metrics/strict-metrics.ts';
import { Pace } from '../net/pace.ts';
import { Proxies } from '../net/proxies.ts';
import { Resolver } from '../net/resolver.ts';
import { readTrustedRoots } from '../net/trusted-roots.ts';
import type { RunOptions } from '../options/run-options.ts';
import { Counts } from './counts.ts';
import { Group } from './group.ts';
import { TestState } from './test-state.ts';

/** State shared by all VUs of a run. */
export class Test {
  readonly script: URL;
  readonly env: Readonly<Record<string, string>>;
  readonly logger: Logger;
  readonly localAddresses: readonly string[];
  readonly proxies: Proxies;
  /** The trusted certificates; undefined for Node's own list. */
  readonly roots: readonly string[] | undefined;
  readonly registry = new MetricRegistry();
  readonly metrics: BuiltinMetrics = declareBuiltinMetrics(this.registry);
  readonly collector = new Collector();
  readonly rootGroup = new Group();
  readonly state = new TestState();
  readonly pace = new Pace();
  /** null if the run is judged like k6. */
  strictMetrics: StrictMetrics | null = null;
  /** The elements of each SharedArray as JSON texts, by its name. */
  readonly sharedArrays = new Map<string, readonly string[]>();
  readonly counts: Counts;
  /** Replaced by the merged options once the script has been read. */
  options: RunOptions;
  /** On the clock of performance.now(); 0 until the test starts. */
  startedAt = 0;
  #resolver: Resolver | null = null;

  constructor(given: {
    script: URL;
    env: Readonly<Record<string, string>>;
    logger: Logger;
    localAddresses: readonly string[];
    options: RunOptions;
    counts?: Counts;
    /** The process environment, for proxies and certificates. Empty by default. */
    environment?: NodeJS.ProcessEnv;
  }) {
    this.script = given.script;
    this.env = given.env;
    this.logger = given.logger;
    this.localAddresses = given.localAddresses;
    this.proxies = new Proxies(given.environment ?? {});
    this.roots = readTrustedRoots(given.environment ?? {});
    this.options = given.options;
    this.counts = given.counts ?? new Counts();
  }

  /** The resolver of all VUs. */
  get resolver(): Resolver {
    this.#resolver ??= new Resolver(this.options.dns);
    return this.#resolver;
  }

  /** Milliseconds since the test started; 0 before. */
  get elapsed(): number {
    return this.startedAt === 0 ? 0 : performance.now() - this.startedAt;
  }
}
