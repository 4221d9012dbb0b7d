import http from 'k6/http';

export const options = { iterations: 1, maxRedirects: 4 };

/** The asynchronous version of golden record 60. */
export default async function (): Promise<void> {
  const target = __ENV.TARGET as string;
  const get = (path: string, params: object = {}) => http.asyncRequest('GET', target + path, null, params);
  const followed = await get('/redirect/3');
  console.log('three hops', followed.status, followed.url.replace(target, ''), followed.body);
  const limited = await get('/redirect/3', { redirects: 1 });
  console.log('one allowed', limited.status, limited.headers.Location, limited.error_code);
  const beyond = await get('/redirect/9');
  console.log('beyond', beyond.status, beyond.url.replace(target, ''), JSON.stringify(beyond.error));
  for (const status of [301, 302, 303, 307, 308]) {
    const response = await http.asyncRequest('POST', `${target}/redirect-with/${status}`, 'a body');
    console.log(status, response.json('method'), JSON.stringify(response.json('body')));
  }
}
