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
const CHAT = { endpoint: 'POST /chat' };

test('the endpoint that probably calls an LLM is taken, with its body and statuses', () => {
  const find = source();
  expect(find('endpoint', {})).toEqual({ answer: 'POST /chat', from: 'openapi.json', isGuess: false });
  expect(find('body', CHAT)?.answer).toBe('{"text":"hello ${unique}","top":0}');
  expect(find('served', CHAT)?.answer).toBe('201');
  expect(find('readyPath', {})?.answer).toBe('/health');
});

test('body and statuses are those of the endpoint that was chosen', () => {
  const find = source();
  expect(find('body', { endpoint: 'POST /items' })?.answer).toBe('{}');
  expect(find('llm.served', { 'llm.endpoint': 'POST /items' })?.answer).toBe('204');
  expect(find('readServed', { readEndpoint: 'GET /items/{id}' })?.answer).toBe('200 202');
  expect(find('body', { endpoint: 'POST /elsewhere' })).toBeUndefined();
});

test('one of several endpoints is only suggested', () => {
  const paths = { '/a': { post: {} }, '/b': { post: {} }, '/ping': { get: {} }, '/ready': { get: {} } };
  const find = source({ openapi: '3.0.0', paths });
  expect(find('endpoint', {})).toMatchObject({ answer: 'POST /a', isGuess: true });
  expect(find('readyPath', {})).toMatchObject({ answer: '/ping', isGuess: true });
});

test('an endpoint that creates a session is not taken', () => {
  const paths = { '/auth/token': { post: {} }, '/items': { post: {} } };
  expect(source({ openapi: '3.0.0', paths })('endpoint', {})).toMatchObject({ answer: 'POST /items', isGuess: false });
});

test('a key in a header is found, and a bearer token is only suggested, since it may be a JWT', () => {
  expect(source()('authentication', CHAT)?.answer).toBe('api-key');
  expect(source()('keyPlace', CHAT)?.answer).toBe('X-Key');
  const ofAll = source({ ...DOCUMENT, security: [{ token: [] }] });
  expect(ofAll('authentication', { endpoint: 'POST /items' })).toMatchObject({ answer: 'bearer', isGuess: true });
});

test.each([[{ cookie: [] }], [{ key: [], token: [] }]])('the requirement %j is asked about', (requirement) => {
  const find = source({ ...DOCUMENT, security: [requirement] });
  expect(find('authentication', { endpoint: 'POST /items' })).toBeUndefined();
  expect(find('keyPlace', { endpoint: 'POST /items' })).toBeUndefined();
});
