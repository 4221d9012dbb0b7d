import type { IncomingHttpHeaders } from 'node:http';

const USER = {
  id: 1,
  name: 'Ada',
  username: 'ada',
  email: 'ada@example.com',
  first_name: 'Ada',
  last_name: 'Lovelace',
};

/** A resource with the fields that scripts most often read. */
export const RESOURCE = {
  ...USER,
  _id: '1',
  title: 'title',
  status: 'ok',
  success: true,
  message: 'success',
  token: 'token-1',
  access: 'token-1',
  access_token: 'token-1',
  accessToken: 'token-1',
  authorization: 'token-1',
  refresh: 'token-2',
  price: 9.5,
  age: 7,
  body: 'text',
  completed: false,
  userId: 1,
  user: USER,
  users: [USER],
  items: [USER],
  results: [USER],
  products: [{ id: 1, name: 'product', price: 9.5 }],
  data: { ...USER, token: 'token-1', items: [USER] },
  json: { ...USER },
};

/** What QuickPizza recommends. */
export const PIZZA = {
  pizza: {
    id: 1,
    name: 'The Local Slice',
    dough: { ID: 1, name: 'Thin', caloriesPerSlice: 65 },
    ingredients: [{ ID: 1, name: 'Tomato', caloriesPerSlice: 30, vegetarian: true }],
    tool: 'Knife',
  },
  calories: 260,
  vegetarian: true,
};

/** An HTML page with what `k6/html` looks for. */
export const PAGE = `<!DOCTYPE html>
<html lang="en">
<head><title>Local target</title><meta name="csrf-token" content="csrf-1"><link rel="stylesheet" href="/main.css"></head>
<body>
<h1 class="title">Welcome to the local target</h1>
<p id="text">Text with <b>bold</b> words, and a secret number: 42.</p>
<ul class="list"><li data-id="1">one</li><li data-id="2">two</li><li data-id="3">three</li></ul>
<a href="/contacts.php">Contacts</a> <a href="/news.php?page=2" class="link">News</a>
<form id="login" action="/login" method="POST">
<input type="hidden" name="csrftoken" value="csrf-1"><input type="hidden" name="redir" value="1">
<input type="text" name="login" value=""><input type="password" name="password">
<input type="checkbox" name="keep" checked><textarea name="note">note</textarea>
<select name="size"><option value="s">S</option><option value="m" selected>M</option></select>
<input type="submit" value="Go!">
</form>
<script>window.answer = 42;</script>
</body>
</html>
`;

/** Returns a collection the way JSON APIs do: a list, or a page of it if the query asks for one. */
export function collectionNamed(name: string, url: URL): unknown {
  const items = [1, 2, 3].map((id) => ({ ...RESOURCE, id, name: `${name} ${id}` }));
  const page = Number(url.searchParams.get('page') ?? url.searchParams.get('offset') ?? Number.NaN);
  if (Number.isNaN(page)) return items;
  return { page, per_page: items.length, total: items.length, total_pages: 1, data: items, results: items, items };
}

/** What httpbin says about a request. */
export function echoOf(request: { method: string; url: URL; headers: IncomingHttpHeaders; body: Buffer }): object {
  const { method, url, headers, body } = request;
  const text = body.toString('utf8');
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  return {
    args: Object.fromEntries(url.searchParams),
    data: isForm ? '' : text,
    form: isForm ? Object.fromEntries(new URLSearchParams(text)) : {},
    headers: Object.fromEntries(
      Object.entries(headers)
        .filter(([name]) => !name.startsWith(':'))
        .map(([name, value]) => [
          name.replace(/(^|-)[a-z]/g, (letters) => letters.toUpperCase()),
          name === 'user-agent' ? 'k6' : String(value),
        ])
        .sort(),
    ),
    json: parsed(text),
    method,
    origin: '127.0.0.1',
    url: `https://${headers[':authority'] ?? headers.host}${url.pathname}${url.search}`,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
