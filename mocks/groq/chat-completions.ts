import { createHash } from 'node:crypto';
import { type HttpHandler, HttpResponse, http } from 'msw';
import { refuseUnauthenticated } from './authentication.ts';
import { type CompletionRequest, parseCompletionRequest } from './completion-request.ts';
import { groqInvalidRequest, groqUnknownModel } from './errors.ts';
import { isKnownModel } from './models.ts';
import { composeReply, countTokens } from './reply.ts';

/** `POST /openai/v1/chat/completions`, not streamed. Texts and ids follow from the seed. */
export function chatCompletions({ seed, now }: { seed: string; now: () => number }): HttpHandler {
  let answered = 0;
  return http.post('*/openai/v1/chat/completions', async ({ request }) => {
    const refusal = refuseUnauthenticated(request);
    if (refusal) return refusal;

    const body = await request.json().catch(() => undefined);
    if (body === undefined) return groqInvalidRequest('failed to parse the request body as JSON');
    const wanted = parseCompletionRequest(body);
    if (typeof wanted === 'string') return groqInvalidRequest(wanted);
    if (wanted.stream) return groqInvalidRequest("'stream' : this fake does not stream yet; allowed: false");
    if (!isKnownModel(wanted.model)) return groqUnknownModel(wanted.model);

    answered++;
    const id = createHash('sha256').update(`${seed} ${answered}`).digest('hex').slice(0, 26);
    return HttpResponse.json(completion(wanted, { seed, id, created: Math.floor(now() / 1000) }), {
      headers: { 'x-request-id': `req_${id}` },
    });
  });
}

function completion(wanted: CompletionRequest, { seed, id, created }: { seed: string; id: string; created: number }) {
  const reply = composeReply(seed, wanted);
  const limit = wanted.max_completion_tokens ?? wanted.max_tokens ?? Number.POSITIVE_INFINITY;
  const isCut = countTokens(reply) > limit;
  return {
    id: `chatcmpl-${id}`,
    object: 'chat.completion',
    created,
    model: wanted.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: isCut ? reply.slice(0, limit * 4) : reply },
        logprobs: null,
        finish_reason: isCut ? 'length' : 'stop',
      },
    ],
    usage: usage(countTokens(JSON.stringify(wanted.messages)), isCut ? limit : countTokens(reply)),
    system_fingerprint: 'fp_proofload',
    service_tier: 'on_demand',
    x_groq: { id: `req_${id}` },
  };
}

// The times, in seconds, are those of a model that reads 10 000 and writes 500 tokens a second.
function usage(prompt_tokens: number, completion_tokens: number) {
  const prompt_time = prompt_tokens / 10_000;
  const completion_time = completion_tokens / 500;
  return {
    queue_time: 0.01,
    prompt_tokens,
    prompt_time,
    completion_tokens,
    completion_time,
    total_tokens: prompt_tokens + completion_tokens,
    total_time: prompt_time + completion_time,
  };
}
