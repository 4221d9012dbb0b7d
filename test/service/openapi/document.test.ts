import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Express } from 'express';
import { expect, test } from 'vitest';
import { createApp } from '../../../service/app/app.ts';
import { ERRORS, type ErrorCode } from '../../../service/base/errors.ts';
import { createDocument, type DocumentedResponse } from '../../../service/openapi/document.ts';
import { OPERATIONS, type Operation } from '../../../service/openapi/operations.ts';
import { endedBefore, type Provocation, provocation, wellFormed } from '../support/provocations.ts';
import { startApp, type TestApp, testDependencies } from '../support/test-app.ts';
import { bearer } from '../support/tokens.ts';

const document = createDocument();
const ajv = addFormats.default(new Ajv2020({ strict: true, allowUnionTypes: true }));

const errors = OPERATIONS.flatMap((operation) => operation.errors.map((code) => ({ operation, code })));
const named = ({ operation, code }: { operation: Operation; code: ErrorCode }) =>
  [`${operation.method} ${operation.path}`, code, operation] as const;

function ask(app: TestApp, { method, path }: Operation, provoking: Provocation): Promise<Response> {
  const { body, parameter = 'c-1', headers = bearer('ada') } = provoking;
  return fetch(app.url + path.replaceAll(/\{\w+\}/g, parameter), {
    method: method.toUpperCase(),
    headers: { 'content-type': 'application/json', ...headers },
    ...(method === 'post' && { body: JSON.stringify(body) }),
  });
}

function documented({ method, path }: Operation, status: number): DocumentedResponse {
  const response = document.paths[path]?.[method]?.responses[status];
  if (!response) throw new Error(`${status} of ${method} ${path} is not documented`);
  return response;
}

/** Checks that a response's headers, media type and body match the document. */
async function expectAsDocumented(operation: Operation, response: Response): Promise<void> {
  const { headers, content } = documented(operation, response.status);
  for (const name of Object.keys(headers)) expect(response.headers.get(name), name).not.toBeNull();
  const [type = '', { schema } = { schema: {} }] = Object.entries(content)[0] ?? [];
  expect(response.headers.get('content-type')).toContain(type);
  const body = type === 'application/json' ? await response.json() : await response.text();
  const valid = ajv.validate(schema, body);
  expect({ valid, errors: ajv.errorsText(), body }).toMatchObject({ valid: true });
}

test('is a valid OpenAPI 3.1 document', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document) as never);
  expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
});

test('has exactly the routes of the app', async () => {
  const { routes: express, close } = createApp(testDependencies());
  const routes = routesOf(express);
  await close();
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(described.toSorted()).toEqual(routes.toSorted());
});

test('lists each error code once, under its status', () => {
  for (const { operation, code } of errors) {
    expect(documented(operation, ERRORS[code].status).description).toContain(`${code}: `);
  }
  for (const { errors: codes } of OPERATIONS) expect(new Set(codes).size).toBe(codes.length);
});

test.each(OPERATIONS.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
  '%s is served as documented',
  async (_name, operation) => {
    const served = wellFormed(operation);
    await using app = await startApp(served.overrides);
    const response = await ask(app, operation, served);
    expect(response.status).toBe(operation.replies[0]?.status);
    await expectAsDocumented(operation, response);
  },
);

test.each([
  ['complete', 200],
  ['pending', 202],
] as const)('an event that is %s already is answered with %d, as documented', async (status, expected) => {
  const [operation] = OPERATIONS.filter(({ id }) => id === 'endConversation') as [Operation];
  const ended = endedBefore(status);
  await using app = await startApp(ended.overrides);
  const response = await ask(app, operation, ended);
  expect(response.status).toBe(expected);
  await expectAsDocumented(operation, response);
});

test('the tests above trigger every documented response', () => {
  const further = OPERATIONS.flatMap(({ id, replies }) => replies.slice(1).map(({ status }) => [id, status]));
  expect(further).toEqual([
    ['endConversation', 200],
    ['endConversation', 202],
  ]);
});

test.each(errors.map(named))('%s can be rejected with %s, as documented', async (_name, code, operation) => {
  const provoking = provocation(operation, code);
  await using app = await startApp(provoking.overrides);
  if (code === 'rate_limited') await ask(app, operation, provoking);
  const response = await ask(app, operation, provoking);
  const { error } = (await response.clone().json()) as { error: { code: string } };
  expect([response.status, error.code]).toEqual([ERRORS[code].status, code]);
  await expectAsDocumented(operation, response);
});

test.each(Object.keys(ERRORS) as ErrorCode[])('%s: all responses are documented', async (code) => {
  for (const operation of OPERATIONS) {
    const provoking = provocation(operation, code);
    await using app = await startApp(provoking.overrides);
    await ask(app, operation, provoking);
    await expectAsDocumented(operation, await ask(app, operation, provoking));
  }
});

test.each([{}, { user_id: 'ada', conversation_id: '', messages: [] }, { user_id: 7 }, []])(
  'describes bodies as they are validated: %j',
  async (body) => {
    await using app = await startApp();
    for (const operation of OPERATIONS.filter(({ method }) => method === 'post')) {
      const described = document.paths[operation.path]?.post?.requestBody?.content['application/json']?.schema ?? {};
      const accepted = (await ask(app, operation, { body })).status < 400;
      expect([operation.id, ajv.validate(described, body)]).toEqual([operation.id, accepted]);
    }
  },
);

function routesOf(app: Express): string[] {
  return app.router.stack.flatMap(({ route }) => {
    if (!route) return [];
    const methods = route.stack.map(({ method }) => method);
    return [...new Set(methods)].map((method) => `${method} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`);
  });
}
