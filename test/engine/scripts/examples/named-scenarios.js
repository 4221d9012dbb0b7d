// says: browse GET
// says: buy POST
import { sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';

export const options = {
  scenarios: {
    browse: { executor: 'per-vu-iterations', exec: 'browse' },
    buy: { executor: 'per-vu-iterations', exec: 'buy', startTime: '1s', env: { ITEM: 'x' } },
  },
};

export function browse() {
  console.log(exec.scenario.name, http.get(`${__ENV.TARGET}/echo`).json('method'));
}

export const buy = () => {
  sleep(0.01);
  console.log(exec.scenario.name, http.post(`${__ENV.TARGET}/echo`, __ENV.ITEM).json('method'));
};
