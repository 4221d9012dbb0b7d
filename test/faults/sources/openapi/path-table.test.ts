import { expect, test } from 'vitest';
import { pathTable } from '../../../../faults/sources/openapi/path-table.ts';

/** Returns the templates that match a path, best match first. */
function matching(templates: readonly string[], pathname: string): string[] {
  const paths = Object.fromEntries(templates.map((template) => [template, { get: { operationId: template } }]));
  return pathTable({ paths })(pathname).map((item) => Reflect.get(Object(item.get), 'operationId'));
}

test('fixed segments go before templates, and templates with more fixed characters before others', () => {
  const templates = ['/{a}/{b}', '/users/{id}', '/users/me', '/users/{id}.json', '/{a}/me'];
  expect(matching(templates, '/users/me')[0]).toBe('/users/me');
  expect(matching(templates, '/users/7')[0]).toBe('/users/{id}');
  expect(matching(templates, '/users/7.json')[0]).toBe('/users/{id}.json');
  expect(matching(templates, '/teams/me')[0]).toBe('/{a}/me');
  expect(matching(templates, '/teams/7')).toEqual(['/{a}/{b}']);
});

test('a fixed segment that leads nowhere does not hide a template', () => {
  expect(matching(['/users/me/posts', '/users/{id}/likes'], '/users/me/likes')).toEqual(['/users/{id}/likes']);
});

test('paths of the same form are found together', () => {
  expect(matching(['/users/{id}', '/users/{name}'], '/users/7')).toEqual(['/users/{id}', '/users/{name}']);
});

test('segments are compared decoded, and a parameter needs at least one character and no slash', () => {
  expect(matching(['/a b/{x}'], '/a%20b/%2F')).toEqual(['/a b/{x}']);
  expect(matching(['/a/{x}'], '/a/')).toEqual([]);
  expect(matching(['/a/{x}'], '/a/b/c')).toEqual([]);
  expect(matching(['/a.b'], '/aXb')).toEqual([]);
  expect(matching(['/v{x}'], '/%zz')).toEqual([]);
});

test('actions after a colon and parentheses are part of a segment', () => {
  const templates = ['/jobs/{id}', '/jobs/{id}:cancel', "/users('{id}')"];
  expect(matching(templates, '/jobs/7:cancel')[0]).toBe('/jobs/{id}:cancel');
  expect(matching(templates, "/users('7')")).toEqual(["/users('{id}')"]);
});

test('a path is below the paths of the servers of its own, else of the document', () => {
  const find = pathTable({
    servers: [{ url: 'https://one.example/v1/' }, { url: '/v2' }, { url: 'not a url' }],
    paths: { '/a': { get: {} }, '/b': { servers: [{ url: 'https://files.example' }], get: {} } },
  });
  const found = ['/v1/a', '/v2/a', '/a', '/b', '/v1/b'].filter((path) => find(path).length > 0);
  expect(found).toEqual(['/v1/a', '/v2/a', '/b']);
});
