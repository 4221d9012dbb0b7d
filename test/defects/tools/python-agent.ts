import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';
import { ordering, placeOrder } from './orders.ts';

const stream = { format: 'sse' as const, end: '[DONE]', error: 'event: error' };

/** An agent in Python that lets models of two APIs place orders, whole and streamed, within a budget of tokens. */
export default {
  name: 'agent in Python',
  start: { command: ['python3', 'python-agent.py'], readyPath: '/usage', readySeconds: 20 },
  upstreams: {
    model: { kind: 'openai', basePath: '/v1', tls: false, calls: { attempts: 1 } },
    claude: { kind: 'anthropic', tls: false, calls: { attempts: 1 } },
    shop: { handlers: 'shop.ts', tls: false },
  },
  environment: {
    PORT: '${port}',
    MODEL_URL: '${upstream.model}',
    CLAUDE_URL: '${upstream.claude}',
    SHOP_URL: '${upstream.shop}',
  },
  endpoints: {
    responses: ordering('/responses', 'model'),
    'responses-stream': { ...ordering('/responses/stream', 'model'), stream },
    messages: ordering('/messages', 'claude'),
    'messages-stream': { ...ordering('/messages/stream', 'claude'), stream },
    usage: { method: 'GET', path: '/usage', served: [200] },
  },
  client: { header: 'x-team' },
  tools: {
    place_order: placeOrder,
  },
  budgets: {
    tokens: {
      of: 'tokens',
      max: 3_000,
      per: 8,
      for: 'each caller',
      cancelled: 'estimated',
      reserves: 300,
      count: { endpoint: 'usage', field: 'tokens' },
    },
  },
  conditions: { 'small-budgets': { BUDGET_TOKENS: '3000', BUDGET_SECONDS: '8' } },
  profiles: { fast: {} },
} satisfies ContractFile;

export const defects = inProgram(
  'python-agent.py',
  each(
    'chaos/tools',
    'broken-tool-calls-do-nothing',
    { 'truncated-call-executed': 'broken calls do nothing: cut at the limit: place_order in messages-stream' },
    { says: 'Truncated arguments are repaired and executed' },
  ),
  each(
    'chaos/tools',
    'failed-tools-act-once',
    { 'tool-twice-after-a-retry': 'acts at most once: hang: place_order in responses-stream' },
    { says: 'has a new idempotency key' },
  ),
  each(
    'stress/budgets',
    'budget-counts',
    { 'streams-not-counted': 'counts calls to messages-stream: tokens' },
    { says: 'Streams are not charged' },
  ),
);
