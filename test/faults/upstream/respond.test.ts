import { HttpResponse } from 'msw';
import { expect, test } from 'vitest';
import { respond } from '../../../faults/upstream/respond.ts';
import { asResponse } from '../../../faults/upstream/text-answer.ts';
import type { Responder, Upstream } from '../../../faults/upstream/upstream.ts';

const upstreamOf = (...handlers: Responder[]): Upstream => ({
  handlers,
  errorResponse: (status) => new HttpResponse(null, { status }),
  unknownPath: (method, path) => HttpResponse.text(`no ${method} ${path}`, { status: 404 }),
  settings: {},
  configure: () => undefined,
});

const answerOf = async (upstream: Upstream): Promise<string> =>
  asResponse(await respond(upstream, new Request('http://127.0.0.1/refunds?page=1'))).text();

test('the first handler that responds decides, even if it takes longer', async () => {
  const upstream = upstreamOf(
    { answer: () => undefined },
    { answer: async () => undefined },
    { answer: async (_, pathname) => HttpResponse.text(`first ${pathname}`) },
    { answer: () => HttpResponse.text('second') },
  );
  expect(await answerOf(upstream)).toBe('first /refunds');
});

test('without a handler that responds, the upstream decides about the path', async () => {
  expect(await answerOf(upstreamOf({ answer: async () => undefined }))).toBe('no GET /refunds');
});
