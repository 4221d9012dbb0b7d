import { lookup } from 'node:dns/promises';

/** A host's address. */
export interface Address {
  readonly address: string;
  /** The IP version, 4 or 6. */
  readonly family: number;
}

/** The `dns` option: how long addresses are cached, in milliseconds, and which address is selected. */
export interface DnsOptions {
  readonly ttl: number;
  readonly select: 'first' | 'random' | 'roundRobin';
  readonly policy: 'preferIPv4' | 'preferIPv6' | 'onlyIPv4' | 'onlyIPv6' | 'any';
}

/** k6's defaults. */
export const DEFAULT_DNS: DnsOptions = { ttl: 300_000, select: 'random', policy: 'preferIPv4' };

interface Sources {
  lookup(host: string): Promise<Address[]>;
  random(): number;
  /** The current time in milliseconds. */
  now(): number;
}

const SYSTEM: Sources = {
  lookup: (host) => lookup(host, { all: true, order: 'verbatim' }),
  random: Math.random,
  now: () => performance.now(),
};

/** Resolves host names the way k6 does: queries the system, caches the result, and selects one of the addresses. */
export class Resolver {
  readonly #options: DnsOptions;
  readonly #sources: Sources;
  readonly #known = new Map<string, { until: number; addresses: Promise<Address[]> }>();
  readonly #turns = new Map<string, number>();

  constructor(options: DnsOptions, sources: Sources = SYSTEM) {
    this.#options = options;
    this.#sources = sources;
  }

  /** @throws The system's error if the host is unknown, or ENOTFOUND if none of its addresses is allowed. */
  async resolve(host: string): Promise<Address> {
    const addresses = byPolicy(await this.#lookUp(host), this.#options.policy);
    const address = addresses[this.#pick(host, addresses.length)];
    if (address) return address;
    throw Object.assign(new Error(`lookup ${host}: no such host`), { code: 'ENOTFOUND' });
  }

  #lookUp(host: string): Promise<Address[]> {
    const now = this.#sources.now();
    const known = this.#known.get(host);
    if (known && now < known.until) return known.addresses;
    const addresses = this.#sources.lookup(host);
    this.#known.set(host, { until: now + this.#options.ttl, addresses });
    addresses.catch(() => this.#known.delete(host));
    return addresses;
  }

  #pick(host: string, count: number): number {
    const { select } = this.#options;
    if (select === 'first') return 0;
    if (select === 'random') return Math.floor(this.#sources.random() * count);
    const turn = this.#turns.get(host) ?? 0;
    this.#turns.set(host, turn + 1);
    return turn % Math.max(1, count);
  }
}

function byPolicy(addresses: readonly Address[], policy: DnsOptions['policy']): readonly Address[] {
  if (policy === 'any') return addresses;
  const of = (family: number) => addresses.filter((address) => address.family === family);
  const [wanted, other] = policy.endsWith('4') ? [of(4), of(6)] : [of(6), of(4)];
  return wanted.length > 0 || policy.startsWith('only') ? wanted : other;
}
