// says: is 200 true, has the body true, both false
import { check } from 'k6';
import http from 'k6/http';

export const options = { vus: 1, iterations: 1 };

export default function () {
  const res = http.get(`${__ENV.TARGET}/ok`);
  const first = check(res, { 'status is 200': (r) => r.status === 200 });
  const second = check(res, { 'body is ok': (r) => r.body.includes('ok') });
  const both = check(res, { right: (r) => r.status === 200, wrong: (r) => r.status === 201 });
  console.log(`is 200 ${first}, has the body ${second}, both ${both}`);
}
