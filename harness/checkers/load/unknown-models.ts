import type { RequestReceipt } from '../../history/events.ts';
import type { History, Phases } from '../../history/history.ts';
import type { Change } from '../../verdict/finding.ts';
import type { Facts } from '../lib/checker.ts';

type Described = Pick<Facts['contract'], 'upstreams'>;

/** The line of the contract that makes a fake serve the models that it did not know. */
export interface UnknownModels {
  readonly hint: string;
  /** Undefined if the contract already has quotas by model there. */
  readonly change?: Change;
}

/** The codes with which the fakes of LLM APIs reject a model: those of OpenAI and Groq, and the one of Anthropic. */
const UNKNOWN = ['model_not_found', 'model_decommissioned', 'not_found_error'];

/** Returns the requests in some phases that upstreams rejected themselves. */
export const refusedIn = (history: History, phases: Phases, { upstreams }: Described): RequestReceipt[] =>
  Object.keys(upstreams)
    .flatMap((upstream) => history.receiptsIn(phases, upstream))
    .filter(({ refusal }) => refusal !== undefined);

/** Returns how to write the models that fakes did not know, by upstream. */
export function unknownModels(history: History, { upstreams }: Described): ReadonlyMap<string, UnknownModels> {
  const calls = history
    .all('receipt')
    .flatMap((receipt) => (receipt.kind === 'request' && receipt.refusal ? [{ ...receipt.refusal, ...receipt }] : []))
    .filter(({ code = '', model }) => model !== undefined && UNKNOWN.includes(code));
  const byUpstream = Map.groupBy(calls, ({ upstream }) => upstream);
  return new Map(
    [...byUpstream].map(([upstream, requests]) => {
      const { models: listed = [] } = upstreams[upstream] ?? {};
      const known = Array.isArray(listed) ? listed : [];
      const models = [...new Set([...known, ...requests.flatMap(({ model }) => model ?? [])])];
      const path = ['upstreams', upstream, 'models'];
      const hint =
        `to let the fake serve what the service asks for, list all models of the service: ` +
        `${path.join('.')}: [${models.join(', ')}]`;
      return [upstream, { hint, ...(Array.isArray(listed) && { change: { path, value: models } }) }];
    }),
  );
}

/** Returns the changes that several upstreams propose. */
export const changesOf = (models: readonly UnknownModels[]): Change[] =>
  [...new Set(models)].flatMap(({ change }) => change ?? []);
