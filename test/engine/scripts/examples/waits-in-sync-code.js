// exit: 107
// logs: waits-in-sync-code.js:9:17: a blocking call in a constructor
// logs: waits-in-sync-code.js:13:12: a blocking call in a getter
// logs: waits-in-sync-code.js:19:23: a blocking call in a sort comparator
import http from 'k6/http';

class Page {
  constructor() {
    this.body = http.get('/').body;
  }

  get title() {
    return http.get('/title').body;
  }
}

export default function () {
  console.log(
    [2, 1].sort(() => http.get('/').status),
    new Page(),
  );
}
