import { HttpResponse, http } from 'msw';

let orders = 0;

/** A shop that takes orders. */
export const handlers = [
  http.post('*/orders', () => {
    orders += 1;
    return HttpResponse.json({ id: `order-${orders}`, status: 'placed' }, { status: 201 });
  }),
];
