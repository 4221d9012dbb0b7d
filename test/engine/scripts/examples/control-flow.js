// says: factorial 24
// says: default 200 ok
// says: caught boom 200
// says: finally 200
// says: 0 2
// says: hoisted 200
import { sleep } from 'k6';
import http from 'k6/http';

const url = `${__ENV.TARGET}/ok`;
const status = () => http.get(url).status;

function factorial(n) {
  sleep(0.001);
  return n <= 1 ? 1 : n * factorial(n - 1);
}

function withDefaults(res = http.get(url), { body } = res) {
  return `${res.status} ${body}`;
}

export { main as default };

function main() {
  console.log('factorial', factorial(4));
  console.log('default', withDefaults());
  try {
    status();
    throw new Error('boom');
  } catch (error) {
    console.log('caught', error.message, status());
  } finally {
    console.log('finally', status());
  }
  const seen = [];
  outer: for (let i = 0; i < 3; i += 1) {
    for (;;) {
      if (i === 1) continue outer;
      sleep(0.001);
      break;
    }
    seen.push(i);
  }
  console.log(...seen);
  console.log('hoisted', later());
  function later() {
    return status();
  }
}
