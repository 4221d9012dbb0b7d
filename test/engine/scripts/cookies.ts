import http from 'k6/http';

export const options = { iterations: 2 };

/** The asynchronous version of golden record 61. */
export default async function (): Promise<void> {
  const target = __ENV.TARGET as string;
  const get = (path: string, params: object = {}) => http.asyncRequest('GET', target + path, null, params);
  const sent = async (params: object = {}) =>
    String((await get('/cookies', params)).body)
      .split('; ')
      .sort()
      .join('; ');
  console.log('starts with', JSON.stringify(await sent()));
  await get('/set-cookie?a=1&b=2');
  console.log('after set-cookie', await sent());
  http.cookieJar().set(target, 'c', '3', { path: '/cookies' } as never);
  http.cookieJar().delete(target, 'a');
  console.log('after set and delete', await sent());
  console.log('replaced', await sent({ cookies: { b: { value: '9', replace: true } } }));
  console.log('added', await sent({ cookies: { b: '8', d: '4' } }));
  const jar = new http.CookieJar();
  jar.set(target, 'own', 'jar');
  console.log('own jar', await sent({ jar }));
  http.cookieJar().clear(target);
  console.log('after clear', await sent());
  await get('/set-cookie-and-redirect?r=1');
  console.log('after a redirect', await sent());
}
