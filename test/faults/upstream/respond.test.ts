import { HttpResponse } from 'msw';
import { expect, test } from 'vitest';
import { respond } from '../../../faults/upstream/respond.ts';
import { asResponse } from '../../../faults/upstream/text-answer.ts';
import { Unserved } from '../../../faults/upstream/unserved.ts';
import type { Responder, Upstream } from '../../../faults/upstream/upstream.ts';

const upstreamOf = (...handlers: Responder[]): Upstream => ({
  handlers,
  errorResponse: (status) => new HttpResponse(null, { status }),
  unknownPath: (method, path) => HttpResponse.text(`no ${method} ${path}`, { status: 404 }),
  settings: {},
  configure: () => undefined,
});

async function answerOf(upstream: Upstream): Promise<{ text: string; unserved: string[] }> {
  const unserved: string[] = [];
  const request = new Request('http://127.0.0.1/refunds?page=1');
  const text = await asResponse(await respond(upstream, request, (why) => unserved.push(why))).text();
  return { text, unserved };
}

test('the first handler that responds wins, even if it takes longer', async () => {
  const upstream = upstreamOf(
    { answer: () => undefined },
    { answer: async () => undefined },
    { answer: async (_, pathname) => HttpResponse.text(`first ${pathname}`) },
    { answer: () => HttpResponse.text('second') },
  );
  expect(await answerOf(upstream)).toEqual({ text: 'first /refunds', unserved: [] });
});

test('without a handler that responds, the upstream handles the path', async () => {
  const upstream = upstreamOf({ answer: async () => undefined });
  expect(await answerOf(upstream)).toEqual({ text: 'no GET /refunds', unserved: ['no handler'] });
});

test("if the server behind it can't be reached, the upstream responds with 502", async () => {
  const upstream = upstreamOf({
    async answer() {
      throw new Unserved(502, "http://127.0.0.1:1 can't be reached: ECONNREFUSED");
    },
  });
  const request = new Request('http://127.0.0.1/');
  const unserved: string[] = [];
  expect((await respond(upstream, request, (why) => unserved.push(why))).status).toBe(502);
  expect(unserved).toEqual(["http://127.0.0.1:1 can't be reached: ECONNREFUSED"]);
});
