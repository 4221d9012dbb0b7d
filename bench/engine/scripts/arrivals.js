import exec from 'k6/execution';
import http from 'k6/http';

export const options = {
  scenarios: {
    arrivals: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.RATE),
      timeUnit: '1s',
      duration: `${__ENV.SECONDS}s`,
      preAllocatedVUs: Number(__ENV.VUS),
    },
  },
};

export default function () {
  http.get(`${__ENV.TARGET}/`, { headers: { n: String(exec.scenario.iterationInTest) } });
}
