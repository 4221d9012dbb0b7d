import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';
import { ordering, placeOrder } from './orders.ts';

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
    ask: ordering('/ask', 'model'),
    chat: ordering('/chat', 'model'),
    health: { method: 'GET', path: '/health', served: [200] },
  },
  tools: {
    place_order: { ...placeOrder, outOfOrder: 'refused' },
  },
  profiles: { fast: {} },
} satisfies ContractFile;

/** What catches a defect, and says the cause. */
const caught = (checker: string, name: string, check: string, says: string) =>
  each('chaos/tools', checker, { [name]: check }, { says });
const acts = (name: string, [flaw, endpoint]: readonly [flaw: string, endpoint: string], says: string) =>
  caught('broken-tool-calls-do-nothing', name, `broken calls do nothing: ${flaw}: place_order in ${endpoint}`, says);
const silent = (name: string, flaw: string, says: string) =>
  caught('broken-tool-calls-told', name, `broken calls are told: ${flaw}: place_order in ask`, says);
const twice = (name: string, fault: string, says: string) =>
  caught('failed-tools-act-once', name, `acts at most once: ${fault}: place_order in ask`, says);

export const defects = inProgram(
  'agent-service.ts',
  caught(
    'tools-act',
    'tool-runs-in-the-stream-and-after-it',
    'acts once for each call: place_order in chat',
    'twice before the model gets its result',
  ),
  caught(
    'tools-act',
    'tool-runs-again-before-the-answer',
    'acts once for each call: place_order in ask',
    'again after a later answer',
  ),
  caught(
    'parallel-tool-calls-apart',
    'parallel-calls-share-arguments',
    'keeps parallel calls apart: ask',
    'share a variable',
  ),
  caught(
    'parallel-tool-calls-apart',
    'only-the-first-call-runs',
    'keeps parallel calls apart, in pieces by turns: chat',
    'Only some calls of an answer',
  ),
  acts('truncated-arguments-repaired', ['cut at the limit', 'chat'], 'says that it ended at its limit'),
  acts('truncated-by-the-connection-and-repaired', ['cut with the connection', 'chat'], 'its stream broke off'),
  acts('empty-arguments-are-an-object', ['cut, ended as usual', 'ask'], 'Empty arguments count'),
  acts('malformed-arguments-repaired', ['malformed', 'ask'], 'executed: a trailing comma, single quotes'),
  acts('unknown-tool-runs-the-nearest', ['unknown tool', 'ask'], 'the most similar name'),
  acts('doubled-call-runs-twice', ['doubled', 'ask'], 'that comes twice runs twice'),
  acts('late-beginning-put-together', ['out of order', 'chat'], 'although its pieces came in a wrong order'),
  silent('broken-call-dropped', 'malformed', 'is dropped: the model is not asked again'),
  silent('unknown-tool-told-as-done', 'unknown tool', 'answered with the result of a successful one'),
  twice('retry-with-a-new-key', 'reset-in-headers', 'has a new idempotency key'),
  twice('retry-without-a-key', 'hang', 'without an idempotency key'),
  caught(
    'failed-tools-end-alike',
    'failed-tool-told-as-done',
    'ends as without status: place_order in ask',
    'gets the result of a successful call',
  ),
  caught('tool-loops-end', 'loop-of-fifty-rounds', 'ends after the promised rounds: ask', 'no limit or a much larger'),
  caught(
    'tool-loops-end',
    'a-round-too-many',
    'ends after the promised rounds: chat',
    'one request more than promised',
  ),
);
