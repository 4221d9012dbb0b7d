import { HttpResponse, http } from 'msw';

/** The payment API of test/defects/upstreams/service.ts, as its team would mock it. */
export const handlers = [
  http.post('https://api.payments.example/v2/charges', () => HttpResponse.json({ id: 'ch_1' }, { status: 201 })),
];
