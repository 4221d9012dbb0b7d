import { expect, test } from 'vitest';
import { composeRequest, mergeHeaders } from '../../../harness/callers/compose-request.ts';
import { callable } from '../../../harness/contract/requests.ts';
import { endpoint as schema } from '../../../harness/contract/schema/endpoint.ts';

const values = { unique: 'u1', client: 'c 1', user: 'a"b', password: 'p&w' };

function requestOf(parts: object) {
  const endpoint = schema.parse({ method: 'POST', path: '/notes', served: [200], ...parts });
  const [found] = Object.values(callable({ endpoints: { endpoint } }));
  return composeRequest(found as NonNullable<typeof found>, values);
}

test('placeholders in JSON are escaped, and the type is JSON', () => {
  const { body, headers } = requestOf({ body: { id: '${unique}', by: '${user}', n: 1 } });
  expect(JSON.parse(body ?? '')).toEqual({ id: 'u1', by: 'a"b', n: 1 });
  expect(headers).toEqual({ 'Content-Type': 'application/json' });
});

test('an escaped placeholder is sent as a text', () => {
  const { body, path, headers } = requestOf({
    path: '/$${user}',
    headers: { A: '$${x}' },
    body: ['$${env.A} ${user}'],
  });
  expect(JSON.parse(body ?? '')).toEqual(['${env.A} a"b']);
  expect(path).toBe('/%24%7Buser}');
  expect(headers).toMatchObject({ A: '${x}' });
});

test('a form is encoded', () => {
  const { body, headers } = requestOf({ form: { 'user name': '${user}', password: '${password}' } });
  expect([...new URLSearchParams(body ?? '')]).toEqual([
    ['user name', 'a"b'],
    ['password', 'p&w'],
  ]);
  expect(headers).toEqual({ 'Content-Type': 'application/x-www-form-urlencoded' });
});

test('a text has the type that the contract names, whatever the case of the header', () => {
  expect(requestOf({ text: '<n>${unique}</n>', headers: { 'content-type': 'application/xml' } })).toMatchObject({
    body: '<n>u1</n>',
    headers: { 'content-type': 'application/xml' },
  });
  expect(requestOf({ text: 'plain' }).headers).toEqual({ 'Content-Type': 'text/plain; charset=utf-8' });
});

test('an upload has a file, with placeholders in its text, its name and its fields', () => {
  const file = { name: '${unique}.csv', type: 'text/csv', content: 'id\n${unique}', fields: { by: '${user}' } };
  expect(requestOf({ file })).toMatchObject({
    body: null,
    headers: {},
    upload: { field: 'file', name: 'u1.csv', type: 'text/csv', content: 'id\nu1', fields: { by: 'a"b' } },
  });
});

test('headers, path and query are filled; path and query are encoded', () => {
  const { path, headers, body } = requestOf({
    path: '/users/${user}/notes?sort=up',
    query: { client: '${client}' },
    headers: { 'X-Tenant': '${client}' },
  });
  expect(path).toBe('/users/a%22b/notes?sort=up&client=c%201');
  expect(headers).toEqual({ 'X-Tenant': 'c 1' });
  expect(body).toBeNull();
});

test('an unknown user is left as it is written', () => {
  const endpoint = schema.parse({ method: 'GET', path: '/', headers: { X: '${user}' }, served: [200] });
  const [found] = Object.values(callable({ endpoints: { endpoint } }));
  expect(composeRequest(found as NonNullable<typeof found>, { unique: '1', client: '2' }).headers.X).toBe('${user}');
});

test('a later header replaces an earlier one of the same name', () => {
  expect(mergeHeaders({ 'X-A': '1', 'X-B': '2' }, { 'x-a': '3' })).toEqual({ 'x-a': '3', 'X-B': '2' });
});
