import type { Checker, Facts } from '../../../../harness/checkers/lib/checker.ts';
import type { PlannedAction } from '../../../../harness/contract/phases.ts';
import type { HistoryEvent, RequestReceipt } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import type { Finding } from '../../../../harness/verdict/finding.ts';
import { begun, factsOf, metric, receipt, request, STRAY, T0 } from '../../../support/history.ts';

/** Values of `${unique}` of calls. */
export const [A, B] = ['1-1-abcdefgh', '1-2-abcdefgh'];

/** Returns the facts about an agent whose tool `order` sends requests to a shop, and whose tool `note` stores rows. */
export const toolFacts = (tool: object = {}): Facts =>
  factsOf({
    name: 'agent',
    start: { command: ['node', 'agent.js'], readyPath: '/health', readySeconds: 20 },
    upstreams: { model: { kind: 'openai' }, shop: { kind: 'openai' } },
    endpoints: {
      ask: { method: 'POST', path: '/ask', served: [200], reaches: ['model'], tools: ['order', 'note'], rounds: 3 },
    },
    tools: {
      order: { upstream: 'shop', effect: 'POST /orders/*', key: 'k', arguments: { item: '${unique}' }, ...tool },
      note: { table: 'notes', arguments: { text: '${unique}' } },
    },
    profiles: { fast: {} },
  });

type Calls = NonNullable<RequestReceipt['toolCalls']>;
type Results = NonNullable<RequestReceipt['results']>;

/** Returns a call of the tool `order`. */
export const call = (mark: string, flaw?: string, name = 'order'): Calls[number] => ({
  name,
  arguments: JSON.stringify({ item: mark }),
  ...(flaw !== undefined && { flaw }),
});

/** Returns the result of a call. */
export const result = (text: string): Results => [{ id: 'a', text }];

/** A request to the model, and an effect. Times are in milliseconds after the call of the endpoint. */
interface Turn {
  readonly calls?: Calls;
  readonly results?: Results;
}
interface Effect {
  readonly unique?: readonly string[];
  readonly key?: string;
  readonly path?: string;
  readonly status?: number | null;
  readonly faults?: readonly string[];
}

export interface Talk {
  readonly turns?: readonly Turn[];
  readonly effects?: readonly Effect[];
  /** Whether the caller was told of a failure. Null if that was not recorded. */
  readonly told?: boolean | null;
  readonly other?: readonly HistoryEvent[];
}

/** Judges a single call of the endpoint `ask` in a phase. */
export function judgedTalk(
  checker: Checker,
  planned: PlannedAction & { readonly upstream: string },
  { turns = [], effects = [], told = false, other = [] }: Talk,
  facts = toolFacts(),
): Finding[] {
  const tags = { phase: '1', endpoint: 'ask', unique: 'own' };
  const made = turns.map(
    ({ calls, results }, index): HistoryEvent => ({
      ...receipt(index + 1, 10 + index, 1, 'model'),
      ...(calls && { toolCalls: [...calls] }),
      ...(results && { results: [...results] }),
    }),
  );
  const acted = effects.map(
    ({ unique = [], key, path = '/orders/1', status = 201, faults = [] }, index): HistoryEvent => ({
      ...receipt(made.length + index + 1, 50 + index, 1, 'shop', [...faults]),
      method: 'POST',
      path,
      route: `POST ${path}`,
      unique: [...unique],
      ...(key !== undefined && { key }),
      status,
    }),
  );
  const history = new History([
    STRAY,
    ...other,
    begun(1, planned, 0, 0),
    request(5, 100, told ? 502 : 200, tags),
    ...(told === null ? [] : [metric('tool_failures_told', 105, told ? 1 : 0, tags)]),
    ...made,
    ...acted,
    begun(2, { action: 'steady again' }, 200, made.length + acted.length),
  ]);
  return checker.judge(history, facts);
}

/** The rows of the tool `note` at a time. */
export const rows = (after: number, ...marks: readonly string[]): HistoryEvent => ({
  type: 'acted',
  at: T0 + after,
  rows: { note: marks.map((mark) => [mark]) },
});
