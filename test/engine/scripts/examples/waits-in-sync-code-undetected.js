// exit: 107
// logs: a blocking call was made in a place where the embedded engine can't wait
// logs: waits-in-sync-code-undetected.js:12:15
import http from 'k6/http';

const status = () => http.get(`${__ENV.TARGET}/ok`).status;

export default function () {
  let seen;
  try {
    new Promise((resolve) => {
      resolve(String({ toString: () => status() }));
    }).finally(() => console.log('never, in a promise'));
    seen = `${{ valueOf: () => status() }}`;
  } catch {
    console.log('never, after an exception', seen);
  } finally {
    console.log('never, at last', seen);
  }
  console.log('never', seen);
  http.get(`${__ENV.TARGET}/ok`);
}
