// exit: 107
// logs: waits-where-it-can-not.js:9:17: a call that waits, in a constructor
// logs: waits-where-it-can-not.js:13:12: a call that waits, in a getter
// logs: waits-where-it-can-not.js:19:23: a call that waits, in a sort comparator
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
