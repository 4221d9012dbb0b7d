// says: GET /echo?extra=1&go=Go&user=me
// says: GET /echo?go=Go&name=me&note=hi&user=me
// says: POST /echo name=you&note=hi
// says: GET /ok
// says: GET /status/404 404
// says: GoError no form found for selector '#none' in response
// says: GoError no element found for selector '.none' in response
import http from 'k6/http';

/** Returns a response whose body is the given page. */
function page(body) {
  const response = http.get(`${__ENV.TARGET}/ok`);
  response.body = body;
  return response;
}

const PAGE = `
  <form id="first" action="/echo?old=1"><input name="user" value="me"><input type="submit" name="go" value="Go"></form>
  <form id="second" method="post" action="/echo"><input name="name" value="me"><textarea name="note">hi</textarea></form>
  <a href="/ok">one</a> <a class="second" href="/status/404">two</a>`;

const path = (url) => url.replace(__ENV.TARGET, '');

function attempt(action) {
  try {
    action();
  } catch (error) {
    console.log(error.name, error.message.split(" 'http")[0]);
  }
}

export default function () {
  const first = page(PAGE).submitForm({ formSelector: '#first', fields: { extra: '1' } });
  console.log(first.json('method'), first.json('path'));
  // Without a selector, the first form sends the fields of all forms.
  console.log('GET', page(PAGE).submitForm().json('path'));
  const second = page(PAGE).submitForm({ formSelector: '#second', fields: { name: 'you' } });
  console.log(second.json('method'), second.json('path'), second.json('body'));
  const link = page(PAGE).clickLink();
  console.log(link.request.method, path(link.url));
  const chosen = page(PAGE).clickLink({ selector: '.second', params: { tags: { mine: 'yes' } } });
  console.log(chosen.request.method, path(chosen.url), chosen.status);
  attempt(() => page(PAGE).submitForm({ formSelector: '#none' }));
  attempt(() => page(PAGE).clickLink({ selector: '.none' }));
}
