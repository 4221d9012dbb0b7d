import { expect, test } from 'vitest';
import type { OpenApiDocument } from '../../../../faults/sources/openapi/document.ts';
import { answersInDocument } from '../../../../harness/init/found/in-document.ts';

const Ask = { type: 'object', required: ['text'], properties: { text: { type: 'string' }, top: { type: 'integer' } } };
const json = (schema: unknown) => ({ content: { 'application/json': { schema } } });

const DOCUMENT: OpenApiDocument = {
  openapi: '3.1.0',
  paths: {
    '/health': { get: { responses: { 200: {} } } },
    '/chat': {
      post: {
        requestBody: json({ $ref: '#/components/schemas/Ask' }),
        responses: { 201: {}, 422: {} },
        security: [{ key: [] }],
      },
    },
    '/items': { post: { requestBody: json({ type: 'object' }), responses: { 204: {} } } },
    '/login': { post: { responses: { 200: {} } } },
    '/items/{id}': { get: { responses: { 200: {}, 202: {} } } },
  },
  components: {
    schemas: { Ask },
    securitySchemes: {
      key: { type: 'apiKey', in: 'header', name: 'X-Key' },
      token: { type: 'http', scheme: 'Bearer' },
      cookie: { type: 'apiKey', in: 'cookie', name: 'sid' },
    },
  },
};

const source = (document = DOCUMENT) => answersInDocument(document, 'openapi.json');
const CHAT = { endpoints: 'POST /chat, GET /items' };

test('endpoints that probably call an LLM come first, and what has parameters is named', () => {
  const find = source();
  expect(find('endpoints', {})).toEqual({ answer: 'POST /chat, POST /items', from: 'openapi.json' });
  expect(find('untested', {})?.answer).toBe('GET /items/{id}');
  expect(find('readyPath', {})?.answer).toBe('/health');
});

test('body and statuses are those of the endpoint that was chosen', () => {
  const find = source();
  expect(find('body', CHAT)?.answer).toBe('{"text":"hello ${unique}","top":0}');
  expect(find('served', CHAT)?.answer).toBe('201');
  expect(find('items.served', { endpoints: 'POST /chat, POST /items' })?.answer).toBe('204');
  expect(find('llm.served', { 'llm.endpoint': 'POST /items' })?.answer).toBe('204');
  expect(find('readServed', { readEndpoint: 'GET /items/{id}' })?.answer).toBe('200 202');
  expect(find('body', { endpoints: 'POST /elsewhere' })).toBeUndefined();
});

test('an endpoint that creates a session is not taken', () => {
  const paths = { '/auth/token': { post: {} }, '/things': { post: {} } };
  expect(source({ openapi: '3.0.0', paths })('endpoints', {})).toMatchObject({ answer: 'POST /things' });
});

test('a key in a header is found, and a bearer token is only suggested, since it may be a JWT', () => {
  expect(source()('authentication', CHAT)?.answer).toBe('api-key');
  expect(source()('keyPlace', CHAT)?.answer).toBe('X-Key');
  const ofAll = source({ ...DOCUMENT, security: [{ token: [] }] });
  expect(ofAll('authentication', { endpoints: 'POST /items' })).toMatchObject({ answer: 'bearer', isGuess: true });
});

test.each([[{ cookie: [] }], [{ key: [], token: [] }]])('the requirement %j is asked about', (requirement) => {
  const find = source({ ...DOCUMENT, security: [requirement] });
  expect(find('authentication', { endpoints: 'POST /items' })).toBeUndefined();
  expect(find('keyPlace', { endpoints: 'POST /items' })).toBeUndefined();
});
