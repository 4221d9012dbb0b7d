// exit: 107
// logs: a blocking call was made in a place where the embedded engine can't wait
// logs: waits-in-sync-code-undetected.js:9:25
import http from 'k6/http';

const status = () => http.get(`${__ENV.TARGET}/ok`).status;

export default function () {
  const sorted = [2, 1].sort(() => status());
  console.log('never', sorted);
}
