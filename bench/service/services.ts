import { join } from 'node:path';
import type { Contract, Numbers } from '../../harness/contract/contract.ts';
import type { Lab } from '../../harness/lab/lab.ts';
import { createDatabase } from '../../harness/lab/postgres/database.ts';
import type { Postgres } from '../../harness/lab/postgres/running-postgres.ts';
import { launchOf } from '../../harness/lab/service/launch.ts';
import { ServiceProcess } from '../../harness/lab/service/service-process.ts';
import { freePort } from '../../harness/process/readiness.ts';
import { SECRET_KEY } from './user.ts';

/** How a measured service differs from the one in the contract. */
interface Variant {
  readonly command?: string[];
  readonly settings: Readonly<Record<string, string>>;
}

const LIMITS = ['DEFAULT', 'CONVERSATION_END', 'ACTIVITIES_SUGGEST', 'HEALTH_CHECK'];
const limits = (text: string) => Object.fromEntries(LIMITS.map((name) => [`RATE_LIMIT_${name}`, text]));
const UNREACHED = limits('1000000000/day');
/** An address that nothing listens on. */
const NOWHERE = 'https://127.0.0.1:1';

/**
 * The variants of the service:
 *
 * - `bare` has no protections.
 * - `protected` has all protections enabled, but none is triggered.
 * - `limited` serves only a few requests per day.
 * - `refusing` refuses all requests with `node:http` alone.
 * - `broken` has upstreams that are down.
 */
const VARIANTS = {
  // More calls than are ever made. The service keeps two files for each, and gets fewer connections if there are too few.
  bare: { command: ['node', 'bench/service/bare-service.ts'], settings: { UPSTREAM_CONCURRENCY_MAX: '1000' } },
  protected: { settings: UNREACHED },
  // The metrics route keeps the default limit, because it is read before and after each measurement.
  limited: { settings: { ...limits('1/day'), RATE_LIMIT_DEFAULT: '600/day' } },
  refusing: { command: ['node', 'bench/service/bare-refusal.ts'], settings: {} },
  broken: {
    settings: {
      ...UNREACHED,
      GROQ_BASE_URL: NOWHERE,
      MEM0_BASE_URL: NOWHERE,
      CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '3600',
    },
  },
} as const satisfies Record<string, Variant>;

export type VariantName = keyof typeof VARIANTS;

/** Running services and their URLs. Disposing this object stops them. */
export interface Services<Name extends VariantName> extends AsyncDisposable {
  readonly urls: Record<Name, string>;
}

/** Starts variants of the service that share a database. */
export async function startServices<Name extends VariantName>(
  lab: Lab,
  contract: Contract,
  folder: string,
  names: readonly Name[],
): Promise<Services<Name>> {
  await using resources = new AsyncDisposableStack();
  const numbers = contract.profiles.production as Numbers;
  const database = resources.use(await createDatabase((lab.postgres as Postgres).adminUrl));
  const { upstreams, ca } = lab.fakes;
  const start = async (name: Name) => {
    const { command, settings }: Variant = VARIANTS[name];
    const port = await freePort();
    const supplies = { port, postgres: database.url, upstreams, ca, folder, secret: SECRET_KEY };
    const launch = launchOf(contract, numbers, [], supplies);
    const service = await ServiceProcess.start({
      contract,
      launch: {
        command: command ?? launch.command,
        // Otherwise another variant's worker would process this variant's pending work while it is being measured.
        environment: { ...launch.environment, PENDING_WORKER_ENABLED: 'false', ...settings },
      },
      port,
      reaper: lab.reaper,
      logFile: join(folder, `${name}.log`),
      onLine: () => {},
      record: () => {},
    });
    return resources.use(service).url;
  };
  const urls: Partial<Record<Name, string>> = {};
  for (const name of names) urls[name] = await start(name);
  const started = resources.move();
  return { urls: urls as Record<Name, string>, [Symbol.asyncDispose]: () => started.disposeAsync() };
}
