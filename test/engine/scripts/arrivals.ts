import http from 'k6/http';

export const options = {
  scenarios: {
    rate: {
      executor: 'constant-arrival-rate',
      rate: 1000,
      timeUnit: '1s',
      duration: '3s',
      // Enough even for a target that has just started, because this test is about the schedule.
      preAllocatedVUs: 400,
    },
  },
  thresholds: { dropped_iterations: ['count==0'], http_reqs: ['count==3001'], http_req_failed: ['rate==0'] },
};

export default async function (): Promise<void> {
  await http.asyncRequest('GET', `${__ENV.TARGET}/ok`);
}
