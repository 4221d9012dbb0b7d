/** An endpoint of an agent that lets a model order tea. */
export const ordering = (path: string, model: string) => ({
  method: 'POST' as const,
  path,
  body: { question: 'Order tea. ${unique}' },
  served: [200],
  reaches: [model],
  tools: ['place_order'],
  rounds: 5,
});

/** The tool with which it does so. */
export const placeOrder = {
  upstream: 'shop',
  effect: 'POST /orders',
  key: 'idempotency-key',
  arguments: { item: 'tea, ${unique}', quantity: 2 },
};
