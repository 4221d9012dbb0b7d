import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createOpenApiUpstream } from '../../../../faults/sources/openapi/openapi-upstream.ts';
import { ask } from '../ask-upstream.ts';
import { contents, documents, serveDocument } from './openapi-files.ts';

const CRM = `
openapi: 3.0.3
servers: [{ url: 'https://api.crm.example/{version}', variables: { version: { default: v2 } } }]
paths:
  /contacts:
    get:
      responses:
        '404': { description: none }
        '200':
          content:
            application/json:
              schema: { type: array, items: { $ref: '#/components/schemas/Contact' } }
    post:
      responses:
        '201': { $ref: '#/components/responses/Created' }
  /contacts/{id}:
    delete: { responses: { '204': { description: deleted } } }
components:
  schemas:
    Contact:
      type: object
      required: [id, email, since]
      properties:
        id: { <<: &id { enum: [7] }, type: integer }
        email: { type: string, format: email }
        since: { type: string, example: 2020-01-31 }
        password: { type: string, writeOnly: true }
        manager: { $ref: '#/components/schemas/Contact' }
  responses:
    Created:
      headers:
        Location: { required: true, schema: { type: string }, example: /v2/contacts/7 }
        X-Optional: { schema: { type: string } }
      content: { application/json: { example: { id: 7 } } }
`;

test('a YAML document is served below the base path of its servers: example, else schema, headers and status', async () => {
  const crm = await serveDocument(CRM);
  const listed = await ask(crm, 'GET', '/v2/contacts?page=1');
  expect([listed.status, listed.headers.get('content-type')]).toEqual([200, 'application/json']);
  const [contact] = (await listed.json()) as Record<string, unknown>[];
  expect(contact).toMatchObject({ id: 7, email: 'user@example.com', since: '2020-01-31' });
  expect(contact?.manager, 'a circle ends').toEqual({});
  expect(contact).not.toHaveProperty('password');

  const created = await ask(crm, 'POST', '/v2/contacts', { body: '{}' });
  expect(created.status).toBe(201);
  expect(await created.json()).toEqual({ id: 7 });
  expect([created.headers.get('location'), created.headers.get('x-optional')]).toEqual(['/v2/contacts/7', null]);

  const deleted = await ask(crm, 'DELETE', '/v2/contacts/7');
  expect([deleted.status, deleted.body]).toEqual([204, null]);
});

test('an unknown path is answered 404, an unknown method 405 with those that are allowed', async () => {
  const crm = await serveDocument(CRM);
  const unknown = await ask(crm, 'GET', '/contacts');
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toEqual({ error: { code: 404, message: 'the document has no path for /contacts' } });
  const wrong = await ask(crm, 'PATCH', '/v2/contacts');
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, POST']);
  expect(await wrong.json()).toMatchObject({
    error: { message: 'the document has no PATCH /v2/contacts; allowed: GET, POST' },
  });
});

test('a HEAD is answered like a GET', async () => {
  const crm = await serveDocument(CRM);
  expect((await ask(crm, 'HEAD', '/v2/contacts')).status).toBe(200);
});

test('the seed decides which of several examples a request gets, and the same request always gets the same', async () => {
  const values = Array.from({ length: 20 }, (_, index) => [`e${index}`, { value: index }]);
  const document = contents({ '/items/{id}': { 'application/json': { examples: Object.fromEntries(values) } } });
  const answers = async (seed: string): Promise<number[]> => {
    const upstream = await serveDocument(document, seed);
    const found: number[] = [];
    for (const id of ['a', 'a', 'b', 'c'])
      found.push(Number(await (await ask(upstream, 'GET', `/items/${id}`)).text()));
    return found;
  };
  const first = await answers('one');
  expect(first[0]).toBe(first[1]);
  expect(new Set(first).size).toBeGreaterThan(1);
  expect(await answers('one')).toEqual(first);
  expect(await answers('other')).not.toEqual(first);
});

test('the client chooses the media type', async () => {
  const upstream = await serveDocument(
    contents({
      '/report': {
        'text/csv': { example: 'a;b' },
        'application/json': { example: [1] },
        'application/xml': { schema: { type: 'object', xml: { name: 'r' }, properties: { a: { type: 'integer' } } } },
      },
      '/events': { 'text/event-stream': { schema: { type: 'object', properties: { n: { type: 'integer' } } } } },
      '/text': { 'application/json': { example: '{"a": 1}' } },
      '/any': { '*/*': { schema: { type: 'string' } } },
    }),
  );
  const get = async (path: string, accept?: string) => {
    const response = await ask(upstream, 'GET', path, accept === undefined ? {} : { headers: { accept } });
    return [response.headers.get('content-type'), (await response.text()).replaceAll(/\s+/g, ' ').trim()];
  };
  expect(await get('/report')).toEqual(['application/json', '[1]']);
  expect(await get('/report', 'text/*, application/json;q=0')).toEqual(['text/csv', 'a;b']);
  expect(await get('/report', 'application/xml')).toEqual(['application/xml', '<r> <a>0</a> </r>']);
  expect(await get('/report', 'image/png')).toEqual(['application/json', '[1]']);
  expect(await get('/events')).toEqual(['text/event-stream', 'data: {"n":0}']);
  expect(await get('/text')).toEqual(['application/json', '{"a": 1}']);
  expect(await get('/any')).toEqual(['application/json', '"string"']);
});

test('without a documented 2xx it answers with a 3xx, `default` or the lowest status', async () => {
  const responses = {
    '/moved': ['404', '302'],
    '/default': ['404', 'default'],
    '/range': ['2XX'],
    '/error': ['503', '401'],
  };
  const paths = Object.entries(responses).map(([path, statuses]) => [
    path,
    { get: { responses: Object.fromEntries(statuses.map((status) => [status, {}])) } },
  ]);
  const upstream = await serveDocument({ paths: Object.fromEntries(paths) });
  const statuses = await Promise.all(
    Object.keys(responses).map(async (path) => (await ask(upstream, 'GET', path)).status),
  );
  expect(statuses).toEqual([302, 200, 200, 401]);
});

test('Swagger 2.0 is served too', async () => {
  const upstream = await serveDocument({
    openapi: undefined,
    swagger: '2.0',
    basePath: '/api/',
    produces: ['application/vnd.crm+json'],
    paths: {
      '/one': { get: { responses: { 200: { schema: { $ref: '#/definitions/One' } } } } },
      '/two': { get: { responses: { 200: { schema: {}, examples: { 'application/json': { two: 2 } } } } } },
      '/none': { get: { responses: { 200: { description: 'no body' } } } },
    },
    definitions: { One: { type: 'object', properties: { one: { type: 'integer', default: 1 } } } },
  });
  const response = await ask(upstream, 'GET', '/api/one');
  expect([response.headers.get('content-type'), await response.json()]).toEqual([
    'application/vnd.crm+json',
    { one: 1 },
  ]);
  expect(await (await ask(upstream, 'GET', '/api/two')).json()).toEqual({ two: 2 });
  expect(await (await ask(upstream, 'GET', '/api/none')).text()).toBe('');
});

test('references to other files are followed', async () => {
  await using files = await documents({
    'api.yaml': `openapi: 3.1.0\npaths: { /one: { $ref: './one.yaml' } }`,
    'one.yaml': `get: { responses: { '200': { content: { application/json: { schema: { $ref: 'schema.json' } } } } } }`,
    'schema.json': `{ "type": "object", "properties": { "a": { "type": "boolean" } } }`,
  });
  const upstream = await createOpenApiUpstream({ file: join(files.folder, 'api.yaml'), seed: 'x' });
  expect(await (await ask(upstream, 'GET', '/one')).json()).toEqual({ a: true });
});

test.each([
  ['{ "openapi": ', 'openapi-unreadable', /JSON/],
  ['openapi: [', 'openapi-unreadable', /api can't be read/],
  ['openapi: 4.0.0', 'openapi-unsupported', /allowed: swagger 2\.0, openapi 3\.0 and 3\.1/],
  ['just a text', 'openapi-unsupported', /no OpenAPI document/],
])('refuses %j', async (text, code, message) => {
  await expect(serveDocument(text)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test('refuses a YAML document of which any part is not valid, with the line', async () => {
  const long = 'x'.repeat(3_000);
  const text = `openapi: 3.1.0
paths:
  /good:
    get: { summary: ${long}, responses: { 204: {} } }
  /bad:
    get:
      summary: ${long}
      responses: [
    post: { summary: ${long} }
`;
  await expect(serveDocument(text)).rejects.toMatchObject({
    code: 'openapi-unreadable',
    message: expect.stringMatching(/api can't be read: [\s\S]*\(\d+:\d+\)/),
  });
});

test('dates in YAML remain texts, and aliases and merged mappings are followed', async () => {
  const upstream = await serveDocument(`openapi: 3.1.0
x-base: &base { a: 2026-01-02 }
paths:
  /one:
    get: { responses: { 200: { content: { application/json: { example: { <<: *base, b: 2026-01-02T03:04:05Z } } } } } }
`);
  expect(await (await ask(upstream, 'GET', '/one')).json()).toEqual({ a: '2026-01-02', b: '2026-01-02T03:04:05Z' });
});

test('refuses a missing file', async () => {
  await expect(createOpenApiUpstream({ file: '/none/crm.yaml', seed: 'x' })).rejects.toMatchObject({
    code: 'openapi-unreadable',
    message: expect.stringContaining('/none/crm.yaml'),
  });
});

test.each([
  { type: 'string', minLength: 2e9 },
  { type: 'string', minLength: 1e8, pattern: '^a*$' },
  { type: 'array', minItems: 2e9, items: { type: 'string' } },
])('a schema that requires an enormous value is refused, and the reason is recorded: %o', async (name) => {
  const schema = { type: 'object', required: ['name'], properties: { name } };
  const upstream = await serveDocument(contents({ '/huge': { 'application/json': { schema } } }));
  const why: string[] = [];
  expect((await ask(upstream, 'GET', '/huge', {}, (reason) => why.push(reason))).status).toBe(502);
  expect(why).toEqual(["a sample of the response's schema would be too large; add an example to the document"]);
});

/** Returns a schema with levels of properties, of which each has as many properties. */
const nested = (levels: number, width: number, required: readonly string[]): object => {
  const schemas = Array.from({ length: levels }, (_, level) => [
    `S${level}`,
    level === 0
      ? { type: 'integer' }
      : {
          type: 'object',
          required,
          properties: Object.fromEntries(
            Array.from({ length: width }, (_property, n) => [`p${n}`, { $ref: `#/components/schemas/S${level - 1}` }]),
          ),
        },
  ]);
  return { components: { schemas: Object.fromEntries(schemas) } };
};

test('a schema that describes millions of values is answered by its required ones, or refused, in a short time', async () => {
  const paths = contents({ '/large': { 'application/json': { schema: { $ref: '#/components/schemas/S9' } } } });
  const began = process.cpuUsage();
  const required = await serveDocument({ ...paths, ...nested(10, 9, ['p0']) });
  const answered = await (await ask(required, 'GET', '/large')).text();
  expect(answered).toBe(`${'{"p0":'.repeat(9)}0${'}'.repeat(9)}`);
  const all = await serveDocument({ ...paths, ...nested(10, 9, ['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7']) });
  const why: string[] = [];
  for (let n = 0; n < 100; n += 1) {
    expect((await ask(all, 'GET', '/large', {}, (reason) => why.push(reason))).status).toBe(502);
  }
  const message = "a sample of the response's schema would be too large; add an example to the document";
  expect(why).toEqual(Array.from({ length: 100 }, () => message));
  expect(process.cpuUsage(began).user / 1e6).toBeLessThan(5);
});
