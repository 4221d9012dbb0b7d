import type { History } from '../../history/history.ts';
import type { Facts } from '../lib/checker.ts';

/**
 * Suggests the lines of a contract that promise what tools do: one sentence for each endpoint that offers a model tools
 * which it does not name.
 */
export function suggestedTools(history: History, { contract: { endpoints } }: Facts): string[] {
  return Object.entries(endpoints).flatMap(([endpoint, { tools = [], reaches }]) => {
    const receipts = reaches.flatMap((upstream) =>
      history.receiptsIn(history.phases('endpoint', { endpoint }), upstream),
    );
    const offered = [...new Set(receipts.flatMap(({ offers = [] }) => offers))].filter((name) => !tools.includes(name));
    if (offered.length === 0) return [];
    const promise = `tools: { ${offered[0]}: … } and endpoints.${endpoint}.tools: [${offered.join(', ')}]`;
    return [`${endpoint} offers a model the tools ${offered.join(', ')}. To require that they act once: ${promise}`];
  });
}
