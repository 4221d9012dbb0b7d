import http from 'k6/http';

export const options = { iterations: 1 };

/** The asynchronous version of golden record 64. */
export default async function (): Promise<void> {
  const target = __ENV.TARGET as string;
  const get = (path: string) => http.asyncRequest('GET', target + path);
  const hits = async (name: string) => (await get(`/hits/${name}`)).body;
  const say = async (what: string, error: string, name: string) =>
    console.log(what, error, 'arrived', await hits(name), 'connection', (await get('/connection')).body);
  await say('GET on a new connection', (await get('/close')).error, 'close');
  await say('GET on a kept one', (await get('/close')).error, 'close');
  await say('POST on a kept one', (await http.asyncRequest('POST', `${target}/close`, 'a body')).error, 'close');
  await say('reset: GET on a kept one', (await get('/reset')).error, 'reset');
}
