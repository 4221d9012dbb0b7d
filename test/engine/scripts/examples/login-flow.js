// says: logged in with token secret
// says: 3 items, sum 6
import { group, sleep } from 'k6';
import http from 'k6/http';

const BASE = __ENV.TARGET;

function login(user, password) {
  const res = http.post(`${BASE}/echo`, JSON.stringify({ user, password, token: 'secret' }), {
    headers: { 'Content-Type': 'application/json' },
  });
  return JSON.parse(res.json('body')).token;
}

export function setup() {
  return { token: login('me', 'pass') };
}

export default function ({ token }) {
  const auth = { headers: { Authorization: `Bearer ${token}` } };
  group('visit', () => {
    const res = http.get(`${BASE}/echo`, auth);
    console.log(`logged in with token ${res.json('headers.authorization').split(' ')[1]}`);
    sleep(0.01);
  });
  const items = [1, 2, 3].map((id) => ({ id, res: http.get(`${BASE}/status/200?id=${id}`, auth) }));
  console.log(
    `${items.filter(({ res }) => res.status === 200).length} items, sum ${items.reduce((sum, { id }) => sum + id, 0)}`,
  );
}
