import { Trend } from 'k6/metrics';
import { chargeOf, leastOf } from '../../harness/callers/charge-of.ts';
import { fill } from '../../harness/callers/compose-request.ts';
import type { Begun } from '../../harness/contract/phases.ts';
import type { ScriptContext } from '../../harness/contract/script-context.ts';
import type { ScriptTags } from '../../harness/contract/tags.ts';
import { clientName } from './caller.ts';
import { context } from './context.ts';
import { lab } from './lab.ts';
import { call, type Extra, metricIn, tagsOf } from './service.ts';
import { pause } from './wait.ts';

/** A budget with the numbers of this profile. */
export type Budget = ScriptContext['budgets'][number];

/** The service's own count of what was used of a budget. */
const budgetCount = new Trend('budget_count');
/** A number for the body of each refusal, so that those of a rate limit can be told from those of a budget. */
const budgetRefusal = new Trend('budget_refusal');

/** The conditions under which budgets have the numbers of the contract. */
export const CONDITIONS = [
  'no-rate-limits',
  ...['small-budgets'].filter((condition) => context.conditions.includes(condition)),
];

/** Whether several processes share their budgets. */
export const SHARED = context.conditions.includes('shared-budget-store') ? ['shared-budget-store'] : [];

/** Calls an endpoint as this client, under a budget. */
export async function callIn(budget: Budget, endpoint: string, tags: ScriptTags, extra: Extra = {}) {
  const own = Object.entries(budget.headers).map(([name, text]) => [name, fill(text, { client: clientName() })]);
  const response = await call(endpoint, tags, { ...extra, headers: { ...Object.fromEntries(own), ...extra.headers } });
  const { body } = response;
  if (isRefused(budget, response) && body) budgetRefusal.add(numberOf(String(body)), tagsOf(tags));
  return response;
}

/** Returns a number for a text, which is the same for texts that differ only in words with digits. */
function numberOf(text: string): number {
  const plain = text.replace(/[\w-]*\d[\w-]*/g, '#').slice(0, 1_000);
  return Array.from(plain).reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 1_000_000_007, 7);
}

/** Whether a response refuses what a budget does not allow. */
export const isRefused = ({ refusal }: Budget, { status }: { status: number }): boolean => status === refusal;

/** How long to wait until the count says what the receipts say, and between two looks, in milliseconds. */
const COUNTED_MS = 2_000;
const LOOK_MS = 50;

/** Follows the service's own count of a budget, and compares it with what upstreams have charged in the meantime. */
export class Counted {
  readonly #budget: Budget;
  #after: number | undefined;
  #count = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Notes the count before the first call of a caller. */
  async begin(phase: Begun): Promise<void> {
    if (!this.#budget.count) return;
    await this.#keep(await this.#read(phase), { phase, about: 'before' });
  }

  /**
   * Notes the count after all calls of a phase. A service may write it a moment later, so it is read until it has grown
   * by what the receipts say, but at most for two seconds.
   *
   * @param isEstimated Whether any growth is enough.
   */
  async note(phase: Begun, isEstimated = false): Promise<void> {
    if (this.#after === undefined) return;
    const deadline = Date.now() + COUNTED_MS;
    let count = await this.#read(phase);
    let charged = await this.#charged(this.#after);
    const isRight = () => Math.abs(count - this.#count - charged) < (isEstimated ? charged / 2 : leastOf(this.#budget));
    while (Date.now() < deadline && !isRight()) {
      await pause(LOOK_MS);
      count = await this.#read(phase);
      charged = await this.#charged(this.#after);
    }
    await this.#keep(count, { phase, about: 'after' });
  }

  async #keep(count: number, tags: ScriptTags): Promise<void> {
    const last = await lastReceipt(this.#budget);
    this.#count = count;
    this.#after = last;
    // A count that can't be read is missing in the record.
    if (Number.isFinite(count)) budgetCount.add(count, tagsOf({ ...tags, receipts: String(last) }));
  }

  async #read(phase: Begun): Promise<number> {
    const { count, name } = this.#budget;
    if (!count) return Number.NaN;
    if ('sql' in count) return lab.budgetCount(name);
    const { body } = await callIn(this.#budget, count.endpoint, { phase, about: 'count' });
    return 'metric' in count ? metricIn(body, count.metric) : numberAt(String(body), count.field);
  }

  async #charged(after: number): Promise<number> {
    const found = await Promise.all(this.#budget.upstreams.map((upstream) => lab.receiptsAfter(upstream, after)));
    return found
      .flatMap(({ receipts }) => receipts)
      .reduce((sum, receipt) => sum + (receipt.kind === 'request' ? chargeOf(this.#budget, receipt) : 0), 0);
  }
}

/** Returns the number at a path of a JSON text, or NaN if there is none. */
function numberAt(text: string, path: string): number {
  try {
    const value = path.split('.').reduce((part, name) => part?.[name], JSON.parse(text));
    return typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  } catch {
    return Number.NaN;
  }
}

async function lastReceipt({ upstreams: [first = ''] }: Budget): Promise<number> {
  return (await lab.receiptsAfter(first, Number.MAX_SAFE_INTEGER)).last;
}
