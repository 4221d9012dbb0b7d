import { expect, test } from 'vitest';
import { answersInFolder } from '../../../../harness/init/found/in-folder.ts';
import { limitsInNginx } from '../../../../harness/init/found/in-nginx.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const POST = { method: 'POST', path: '/items' };
const GET = { method: 'GET', path: '/items/all' };
const OTHER = { method: 'GET', path: '/up' };

/** The limits of a configuration with these lines in `http`, in `server` and in the location `/items`. */
const limitsOf = (http: string, server: string, location: string, command = 'nginx -c nginx.conf') =>
  limitsInNginx(
    async (name) =>
      name === 'nginx.conf'
        ? `events {}\nhttp {\n  ${http}\n  server {\n    listen 80; # not a { block\n    ${server}
    location /items {\n      ${location}\n    }\n    location = /items/all { return 200 "a;b"; }\n  }\n}\n`
        : undefined,
    [POST, GET, OTHER],
    command,
  );
const ZONE = 'limit_req_zone $binary_remote_addr zone=calls:10m rate=10r/s;';

test('a burst and one more are a token bucket, for the locations that have it', async () => {
  const found = await limitsOf(`${ZONE} limit_req_status 429;`, '', 'limit_req zone=calls burst=4 nodelay;');
  expect(found).toEqual([
    {
      from: 'nginx.conf:8',
      max: { value: 5 },
      seconds: { value: 0.5 },
      window: 'token-bucket',
      client: 'socket',
      routes: [POST],
    },
  ]);
});

test('a limit of the server counts the requests of its locations together', async () => {
  const zone = 'limit_req_zone $http_x_api_key zone=calls:10m rate=30r/m;';
  const [found, ...others] = await limitsOf(zone, 'limit_req_status 429; limit_req zone=calls;', '');
  expect(others).toEqual([]);
  expect(found).toMatchObject({ max: { value: 1 }, seconds: { value: 2 }, client: 'header x-api-key' });
  expect(found?.routes).toEqual([POST, GET, OTHER]);
});

test.each([
  ['', 'limit_req zone=calls burst=4 nodelay;', undefined, 'it refuses with 503'],
  ['limit_req_status 429;', 'limit_req zone=calls burst=4;', undefined, 'it delays requests'],
  ['limit_req_status 429;', 'limit_req zone=calls;', 'npm start', '"npm start" does not start'],
])('what a contract can not say is left out: %s %s %s', async (server, location, command, reason) => {
  const [found] = await limitsOf(ZONE, server, location, command);
  expect(found?.unsaid).toContain(reason);
});

test.each(['', 'http {', 'http { server { limit_req zone=calls; ', '}}}', "location '"])(
  'a damaged configuration has no limits: %s',
  async (text) => {
    expect(await limitsInNginx(async () => text, [POST], 'nginx')).toEqual([]);
  },
);

test('a limit of the proxy before a service is named, and not written', async () => {
  const folder = await temporaryFolder({
    'app.rb': "post '/items' do\nend\n",
    'nginx.conf': `http { ${ZONE} server { limit_req zone=calls; } }`,
  });
  const source = await answersInFolder(folder, () => {});
  const earlier = { endpoints: source('endpoints', {})?.answer ?? '' };
  expect(source('limit', earlier)).toBeUndefined();
  expect(source('limitUnsaid', earlier)?.answer).toContain('nginx has it (nginx.conf:1)');
});
