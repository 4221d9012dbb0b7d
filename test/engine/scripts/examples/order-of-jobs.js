// says: async begins
// says: async waits for nobody
// says: the rest of the function
// says: microtask
// says: after await
// says: timer
import { sleep } from 'k6';
import http from 'k6/http';

export default function () {
  setTimeout(() => console.log('timer'), 1);
  Promise.resolve().then(() => console.log('microtask'));
  (async () => {
    console.log('async begins');
    http.get(`${__ENV.TARGET}/ok`);
    console.log('async waits for nobody');
    await null;
    console.log('after await');
  })();
  sleep(0.05);
  console.log('the rest of the function');
}
