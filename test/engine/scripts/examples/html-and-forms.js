// says: Title 2 /ok,/status/404
// says: go=Go&user=me
// says: 404

import { parseHTML } from 'k6/html';
import http from 'k6/http';

const PAGE = `<html><title>Title</title><a href="/ok">1</a><a id="second" href="/status/404">2</a></html>`;

export default function () {
  const doc = parseHTML(PAGE);
  const links = doc.find('a');
  console.log(doc.find('title').text(), links.size(), links.map((_, link) => link.attr('href')).join());
  const form = parseHTML('<form><input name="user" value="me"><input name="go" value="Go"></form>').find('form');
  console.log(form.serialize());
  console.log(http.get(`${__ENV.TARGET}${doc.find('#second').first().attr('href')}`).status);
}
