import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';

const endpoint = (path: string) => ({
  method: 'POST' as const,
  path,
  body: { question: 'Order tea. ${unique}' },
  served: [200],
  reaches: ['model'],
  tools: ['place_order'],
  rounds: 5,
});

/** An agent that lets a model place orders in a shop, whose answers are whole or streamed. */
export default {
  name: 'agent that places orders',
  start: { command: ['node', 'agent-service.ts'], readyPath: '/health', readySeconds: 20 },
  upstreams: {
    model: { kind: 'openai', basePath: '/v1', tls: false },
    shop: { handlers: 'shop.ts', tls: false },
  },
  environment: { PORT: '${port}', MODEL_URL: '${upstream.model}', SHOP_URL: '${upstream.shop}' },
  endpoints: {
    ask: endpoint('/ask'),
    chat: endpoint('/chat'),
    health: { method: 'GET', path: '/health', served: [200] },
  },
  tools: {
    place_order: {
      upstream: 'shop',
      effect: 'POST /orders',
      key: 'idempotency-key',
      arguments: { item: 'tea, ${unique}', quantity: 2 },
    },
  },
  profiles: { fast: {} },
} satisfies ContractFile;

const broken = (flaw: string, endpoint: string) => `broken calls do nothing: ${flaw}: place_order in ${endpoint}`;
const silent = (flaw: string, endpoint: string) => `broken calls are told: ${flaw}: place_order in ${endpoint}`;

export const defects = inProgram(
  'agent-service.ts',
  each('chaos/tools', 'tools-act', {
    'tool-runs-in-the-stream-and-after-it': 'acts once for each call: place_order in chat',
    'tool-runs-again-before-the-answer': 'acts once for each call: place_order in ask',
  }),
  each('chaos/tools', 'parallel-tool-calls-apart', {
    'parallel-calls-share-arguments': 'keeps parallel calls apart: ask',
    'only-the-first-call-runs': 'keeps parallel calls apart, in pieces by turns: chat',
  }),
  each('chaos/tools', 'broken-tool-calls-do-nothing', {
    'truncated-arguments-repaired': broken('cut at the limit', 'chat'),
    'truncated-by-the-connection-and-repaired': broken('cut with the connection', 'chat'),
    'empty-arguments-are-an-object': broken('cut, ended as usual', 'ask'),
    'malformed-arguments-repaired': broken('malformed', 'ask'),
    'unknown-tool-runs-the-nearest': broken('unknown tool', 'ask'),
    'doubled-call-runs-twice': broken('doubled', 'ask'),
  }),
  each('chaos/tools', 'broken-tool-calls-told', {
    'broken-call-dropped': silent('malformed', 'ask'),
    'unknown-tool-told-as-done': silent('unknown tool', 'ask'),
  }),
  each('chaos/tools', 'failed-tools-act-once', {
    'retry-with-a-new-key': 'acts at most once: reset-in-headers: place_order in ask',
    'retry-without-a-key': 'acts at most once: hang: place_order in ask',
  }),
  each('chaos/tools', 'failed-tools-end-alike', {
    'failed-tool-told-as-done': 'ends as without status: place_order in ask',
  }),
  each('chaos/tools', 'tool-loops-end', {
    'loop-of-fifty-rounds': 'ends after the promised rounds: ask',
    'a-round-too-many': 'ends after the promised rounds: chat',
  }),
);
