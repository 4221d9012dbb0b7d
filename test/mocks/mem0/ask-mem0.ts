import { getResponse } from 'msw';
import { createMem0, type Mem0Upstream } from '../../../mocks/mem0/mem0.ts';

/** Creates a Mem0 fake with a stopped clock (in milliseconds since the epoch). */
export function mem0AtRest(settings: Omit<NonNullable<Parameters<typeof createMem0>[0]>, 'now'> = {}) {
  const clock = { now: Date.parse('2026-01-01T12:00:00Z') };
  return { clock, mem0: createMem0({ now: () => clock.now, ...settings }) };
}

/** Like `mem0AtRest`, but memories can be found immediately after they are added. */
export const quickMem0 = () => mem0AtRest({ eventMs: 0 });

/** Sends a request to a fake in this process, without a server. */
export async function ask(
  mem0: Mem0Upstream,
  method: string,
  path: string,
  { body, key = 'm0-test', host }: { body?: unknown; key?: string; host?: string } = {},
) {
  const request = new Request(`https://api.mem0.ai${path}`, {
    method,
    headers: { authorization: `Token ${key}`, ...(host ? { host } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const response = (await getResponse(mem0.handlers, request)) ?? mem0.unknownPath(method, path);
  // biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
  return { status: response.status, body: (await response.json()) as any };
}

/** Adds one message of the user `ada` and returns the response. */
export const add = async (mem0: Mem0Upstream, content: string, more: object = {}) =>
  (
    await ask(mem0, 'POST', '/v3/memories/add/', {
      body: { user_id: 'ada', messages: [{ role: 'user', content }], ...more },
    })
  ).body;

/** Adds one message and returns its ID. */
export const addOne = async (mem0: Mem0Upstream, content: string, more: object = {}): Promise<string> =>
  (await add(mem0, content, { infer: false, ...more })).results[0].id;

/** Returns the texts of the memories that match the filters, sorted. */
export const select = async (mem0: Mem0Upstream, filters: object): Promise<string[]> => {
  const { body } = await ask(mem0, 'POST', '/v3/memories/', { body: { filters } });
  return body.results.map(({ memory }: { memory: string }) => memory).sort();
};

/** Returns the texts of `ada`'s memories that a search finds, best match first. */
export const find = async (mem0: Mem0Upstream, query: string, more: object = {}): Promise<string[]> => {
  const { body } = await ask(mem0, 'POST', '/v3/memories/search/', {
    body: { query, filters: { user_id: 'ada' }, ...more },
  });
  return body.results.map(({ memory }: { memory: string }) => memory);
};

/** Returns an event in the API's format. */
export const eventOf = async (mem0: Mem0Upstream, id: string) => (await ask(mem0, 'GET', `/v1/event/${id}/`)).body;
