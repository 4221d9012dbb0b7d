import { check, group } from 'k6';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';

const orders = new Counter('orders');
const toOrder = new Trend('time_to_order', true);

export default function () {
  group('order', () => {
    const shown = http.get(`${__ENV.TARGET}/items`, { tags: { name: 'items' } });
    const order = JSON.stringify({ customer: `${__VU}-${__ITER}`, lines: [{ item: 'a', count: 2 }], gift: false });
    const params = { headers: { 'Content-Type': 'application/json' }, tags: { kind: 'order' } };
    const ordered = http.post(`${__ENV.TARGET}/orders`, order, params);
    check(ordered, {
      'is accepted': ({ status }) => status === 200,
      'says ok': (response) => response.json('status') === 'ok',
      'is fast': ({ timings }) => timings.duration < 1_000,
    });
    orders.add(1);
    toOrder.add(shown.timings.duration + ordered.timings.duration, { kind: 'order' });
  });
}
