// exit: 107
// logs: waits-in-sync-code.js:14:17: a blocking call in a constructor
// logs: waits-in-sync-code.js:18:12: a blocking call in a getter
// logs: waits-in-sync-code.js:23:54: a blocking call in a trap of a Proxy
// logs: waits-in-sync-code.js:24:52: a blocking call in a getter or setter
// logs: waits-in-sync-code.js:25:34: a blocking call in [Symbol.toPrimitive]()
// logs: waits-in-sync-code.js:26:42: a blocking call in a replacer of JSON
// logs: waits-in-sync-code.js:28:11: a blocking call in a generator
// logs: waits-in-sync-code.js:33:10: async code in an arrow function with super
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
  console.log(new Page(), new Proxy({}, { get: () => http.get('/') }));
  Object.defineProperty({}, 'status', { get: () => http.get('/').status });
  +{ [Symbol.toPrimitive]: () => http.get('/').status };
  JSON.stringify({ a: 1 }, (_, value) => http.get(value));
  (function* () {
    yield http.get('/');
  })();
}

export class Later extends Page {
  load = async () => super.title;
}
