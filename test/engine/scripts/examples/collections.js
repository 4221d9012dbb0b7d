// says: true false 2 1
// says: a 200
// says: b 200
// says: 200 200
// says: 600 1,1,2,2
import http from 'k6/http';

const status = () => http.get(`${__ENV.TARGET}/ok`).status;

export default function () {
  const list = [1, 2];
  console.log(
    list.every(() => status() === 200),
    list.some(() => status() === 500),
    list.find((n) => n === 2 && status()),
    list.findIndex((n) => n === 2 && status()),
  );
  new Map([['a', 1]]).forEach((_, key) => {
    console.log(key, status());
  });
  new Set(['b']).forEach((value) => {
    console.log(value, status());
  });
  console.log(Array.from({ length: 2 }, () => status()).join(' '));
  console.log(
    list.reduce((sum) => sum + status(), 200),
    list.flatMap((n) => [n, status() && n]).join(),
  );
}
