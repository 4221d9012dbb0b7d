// says: 200 200 200 200
// says: POST a PUT b
// says: bound 200 applied 200 called 200
import http, { get as fetchPage } from 'k6/http';

const { get } = http;
const verbs = { POST: 'post', PUT: 'put' };
const twice = (action, ...args) => [action(...args), action(...args)][1];

export default function () {
  const url = `${__ENV.TARGET}/ok`;
  const indirect = http.get;
  console.log(get(url).status, fetchPage(url).status, indirect(url).status, twice(get, url).status);
  const echo = (verb, body) => http[verbs[verb]](`${__ENV.TARGET}/echo`, body);
  console.log('POST', echo('POST', 'a').json('body'), 'PUT', echo('PUT', 'b').json('body'));
  const bound = get.bind(null, url);
  console.log('bound', bound().status, 'applied', get.apply(null, [url]).status, 'called', get.call(null, url).status);
}
