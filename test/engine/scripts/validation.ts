// @ts-nocheck Most arguments are not what the types permit.
// Which arguments k6 accepts, and where. The messages of other errors than k6's own belong to the JavaScript engine.
import { check, fail, group, randomSeed, sleep } from 'k6';
import crypto from 'k6/crypto';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import http, * as httpNamespace from 'k6/http';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
import { Blob, WebSocket } from 'k6/websockets';
import ws from 'k6/ws';

const URL = `http://${__ENV.HOST}/x`;
const lines = [];
const resultOf = (action) => {
  try {
    return String(action());
  } catch (error) {
    const { name, message } = error;
    return `throws ${name}${name === 'GoError' ? ` ${message}` : ''}`;
  }
};
const attempt = (name, action) => {
  lines.push(`${name}: ${resultOf(action)}`);
};
const each = (values, action, about) => {
  const results = Object.entries(values).map(([name, value]) => `${name} ${resultOf(() => action(value))}`);
  lines.push(`${about}: ${results.join(', ')}`);
};

const classes = { counter: Counter, gauge: Gauge, rate: Rate, trend: Trend };
const metrics = Object.entries(classes).flatMap(([name, Metric]) => [
  new Metric(name),
  new Metric(`${name}_time`, true),
]);
const counter = new Counter('counter');
const odd = { null: null, undefined, empty: '', text: 'x', number: 5, object: {}, array: [5] };
const values = {
  ...odd,
  date: new Date(5),
  zero: 0,
  true: true,
  false: false,
  digits: '5',
  infinite: Infinity,
  big: 5n,
  blank: ' ',
};
const names = { ...odd, one: 'a', digit: '1ab', blank: 'a b', dash: 'a-b', long: 'x'.repeat(129) };

each(names, (name) => new Counter(name).name.length, 'a metric named');
attempt('a metric without a name', () => new Counter());
attempt('another type', () => new Gauge('counter'));
attempt('another type of values', () => new Counter('counter', true));
attempt('a metric of k6 with other values', () => new Trend('http_req_duration'));
attempt('a metric of k6', () => new Trend('http_req_duration', true).name);
attempt('fields of a metric', () => JSON.stringify([Object.keys(counter), counter]));
attempt('renaming a metric', () => (counter.name = 'x'));
attempt('what a metric is', () => counter instanceof Counter);
attempt('adding in the init stage', () => counter.add(1));

const array = new SharedArray('mixed', () => [1, { a: [1] }, undefined, () => 1, 'x']) as unknown as {
  a: number;
}[];
attempt('an element', () => JSON.stringify(array[1]));
attempt('a function in an array', () => array[3]);
attempt('undefined in an array', () => array[2]);
attempt('setting an element', () => (array[0] = 5));
attempt('setting a field of an element', () => (array[1].a = 5));
attempt('pushing', () => array.push(1));
attempt('the length', () => array.length);
attempt('no array', () => new SharedArray('none', () => 5));
attempt('an async array', () => new SharedArray('async', async () => [1]));
attempt('no function', () => new SharedArray('function'));
attempt('no name', () => new SharedArray('', () => [1]));
attempt('a number as the name', () => new SharedArray(5, () => [1]).length);

attempt('instance', () => typeof exec.instance);
attempt('scenario', () => typeof exec.scenario);
attempt('vu', () => typeof exec.vu);
attempt('test', () => typeof exec.test);
attempt('options', () => exec.test.options);
attempt('get', () => http.get(URL));
attempt('batch', () => http.batch([URL]));
attempt('the cookie jar', () => http.cookieJar());
attempt('a cookie jar', () => typeof new http.CookieJar());
attempt('check', () => check(1, { a: true }));
attempt('group', () => group('a', () => 1));
attempt('sleep', () => sleep(0.001));
attempt('randomSeed', () => randomSeed(5));
attempt('connect', () => ws.connect('ws://127.0.0.1:1/', () => {}));
attempt('names', () => Object.keys(httpNamespace).sort().join());

export default function () {
  for (const metric of metrics) each(values, (value) => metric.add(value), `adding to ${metric.name}`);
  attempt('adding nothing', () => counter.add());
  attempt('add alone', () => {
    const { add } = counter;
    return add(1);
  });
  each({ ...odd, nested: { a: {} }, none: { a: null }, list: { a: [1] } }, (tags) => counter.add(1, tags), 'tags');
  attempt('declaring in an iteration', () => new Counter('late'));
  attempt('an array in an iteration', () => new SharedArray('late', () => [1]));
  attempt('opening in an iteration', () => open('x'));

  attempt('no checks', () => check(5));
  each({ ...odd, separator: { 'a::b': true } }, (checks) => check(5, checks), 'checks');
  attempt('tags of checks', () => check(5, { a: true }, { a: {} }));
  attempt('a group with a separator', () => group('a::b', () => 1));
  attempt('a group without a function', () => group('a'));

  attempt('setting an option', () => (exec.test.options.paused = true));
  attempt('adding an option', () => (exec.test.options.vus = 5));
  attempt('setting an option of a scenario', () => (exec.test.options.scenarios.default.vus = 9));
  attempt('options', () => JSON.stringify(exec.test.options));
  attempt('setting a number', () => (exec.vu.idInTest = 5));
  const assign = (value) => {
    Object.assign(__ENV, { A: value });
    return typeof __ENV.A + __ENV.A;
  };
  each(odd, assign, 'a variable');

  each(
    { ...odd, bytes: new Uint8Array([1]), buffer: new Uint8Array([1]).buffer },
    (data) => http.file(data, 'f').filename,
    'a file of',
  );
  each(odd, (name) => http.file('x', name, name).content_type, 'a file named');
  each(
    { ...odd, float: 1.5, range: { min: 1, max: 'x' }, half: { min: 1 } },
    (value) => typeof http.expectedStatuses(value),
    'statuses',
  );
  each({ ...odd, function: () => true }, (value) => http.setResponseCallback(value), 'a response callback');
  each(
    { negative: -1, zero: 0, text: '-5s' },
    (timeout) => {
      const { status, error, error_code: code } = http.get(URL, { timeout });
      return [status, error, code].join();
    },
    'a timeout',
  );
  attempt('no user agent', () => http.get(URL, { headers: { 'User-Agent': '' } }).json().headers['user-agent']);
  attempt('a blob', () => String(new Blob(['x'])));
  const none = { ...odd, infinite: Infinity, nan: NaN, big: 5n };
  each(odd, (value) => fail(value), 'failing with');
  each(odd, (value) => typeof setTimeout(value, 1), 'a timer for');
  each(odd, (value) => new WebSocket('ws://127.0.0.1:1').addEventListener('open', value), 'a listener');
  each({ ...none, number: 5_000 }, (timeout) => http.get(URL, { timeout }).error_code, 'timeouts');
  each(none, (jar) => http.get(URL, { jar }).status, 'jars');
  each(none, (selector) => typeof http.get(URL).html(selector), 'selectors');
  each({ null: null, empty: '', text: 'x', number: 5, big: 5n }, (requests) => http.batch(requests).length, 'batches');
  each({ null: null, infinite: Infinity, zero: 0 }, (size) => crypto.randomBytes(size), 'random bytes');
  each({ null: null, undefined, text: 'x' }, (algorithm) => crypto.hmac(algorithm, 'k', 'x', 'hex'), 'algorithms');
  for (const line of lines) console.log(line);
}
