import { defineContract } from 'proofload';

export default defineContract({
  name: 'price service',
  start: { command: ['node', 'service.js'], readyPath: '/health', readySeconds: 10 },
  upstreams: { shop: { openapi: './shop.yaml', tls: false } },
  environment: { PORT: '${port}', SHOP_URL: '${upstream.shop}' },
  endpoints: {
    price: { method: 'GET', path: '/prices/tea', served: [200], reaches: ['shop'] },
    health: { method: 'GET', path: '/health', served: [200] },
  },
  profiles: { fast: {} },
});
