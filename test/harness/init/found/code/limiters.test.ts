import { expect, test } from 'vitest';
import { limitersOf } from '../../../../../harness/init/found/code/limiters.ts';
import { routesOf } from '../../../../../harness/init/found/code/routes.ts';
import { codeOf } from './code-of.ts';

/** Returns the limiters of a service as texts. */
function limitersIn(files: Record<string, string>): string[] {
  const code = codeOf(files);
  return limitersOf(code, routesOf(code)).map(({ max, seconds, window, client, routes, from }) => {
    const settings = [max, seconds].map(({ setting }) => (setting ? `${setting.name} ${setting.unit}` : '-'));
    return [
      `${max.value}/${seconds.value} s`,
      ...settings,
      window,
      client,
      from,
      ...routes.map(({ path }) => path),
    ].join(', ');
  });
}

const CATS = `import { Throttle, SkipThrottle } from '@nestjs/throttler';
@Controller('cats')
export class CatsController {
  @Get()
  findAll() {}

  @Throttle({ default: { limit: 3, ttl: 2000 } })
  @Post()
  create() {}

  @SkipThrottle()
  @Get('health')
  health() {}
}`;

test.each<[string, Record<string, string>, string[]]>([
  [
    '@nestjs/throttler for all routes, with another limit for one of them, and none for another',
    {
      'app.ts': `ThrottlerModule.forRoot([{ ttl: minutes(1), limit: Number(process.env.LIMIT ?? 20), blockDuration: 0 }]);
const guard = { provide: APP_GUARD, useClass: ThrottlerGuard };`,
      'cats.controller.ts': CATS,
    },
    [
      '20/60 s, LIMIT number, -, sliding, socket, app.ts:1, /cats',
      '3/2 s, -, -, sliding, socket, cats.controller.ts:7, /cats',
    ],
  ],
  [
    '@nestjs/throttler before version 5, whose times are seconds, and only where a guard is',
    {
      'app.ts': 'ThrottlerModule.forRoot({ ttl: 60, limit: 10 });',
      'cats.controller.ts': CATS.replace('@Get()', '@UseGuards(ThrottlerGuard)\n  @Get()'),
    },
    ['10/60 s, -, -, sliding, socket, app.ts:1, /cats'],
  ],
  [
    'express-rate-limit at a route, and another for all routes below a path',
    {
      'app.js': `import rateLimit from 'express-rate-limit';
import { strict } from './limits.js';
const app = express();
app.set('trust proxy', 1);
app.get('/health', h);
app.use('/api', rateLimit({ windowMs: Number(process.env.WINDOW_MS ?? 60_000), limit: 100 }));
app.post('/ask', strict, h);
app.get('/api/items', h);`,
      'limits.js': `import { rateLimit } from 'express-rate-limit';
export const strict = rateLimit({ max: Number(process.env.MAX), windowMs: 1000, keyGenerator: (req) => req.get('x-tenant') });
export const set = rateLimit({ max: Number(process.env.SET ?? 5), keyGenerator: (req) => req.user.id });`,
    },
    [
      '100/60 s, -, WINDOW_MS ms, first-request, forwarded 1, app.js:6, /api/items',
      '5/60 s, SET number, -, first-request, , limits.js:3',
    ],
  ],
  [
    '@fastify/rate-limit for all routes, and for one',
    {
      'app.js': `import rateLimit from '@fastify/rate-limit';
const fastify = Fastify();
await fastify.register(rateLimit, { max: 100, timeWindow: '1 minute' });
fastify.post('/ask', { config: { rateLimit: { max: 5, timeWindow: process.env.WINDOW ?? '10s' } } }, h);
fastify.get('/items', h);`,
    },
    [
      '5/10 s, -, WINDOW text, first-request, socket, app.js:4, /ask',
      '100/60 s, -, -, first-request, socket, app.js:3, /items',
    ],
  ],
  [
    'slowapi',
    {
      'app.py': `limiter = Limiter(key_func=get_remote_address, strategy="moving-window")
@app.post("/ask")
@limiter.limit(settings.rate)
def ask(request: Request): ...
@app.get("/items")
def items(): ...`,
      'config.py': 'class Settings(BaseSettings):\n    rate: str = "20 per 2 minutes"\n',
    },
    ['20/120 s, RATE text, RATE text, sliding, socket, app.py:3, /ask'],
  ],
  [
    'httprate for a group, and a token bucket for all clients',
    {
      'main.go': `package main
func main() {
	r := chi.NewRouter()
	r.Get("/ready", h)
	r.Route("/v1", func(r chi.Router) {
		r.Use(httprate.LimitByIP(50, time.Minute))
		r.Post("/ask", h)
	})
}
var bucket = rate.NewLimiter(rate.Every(100*time.Millisecond), 20)`,
    },
    [
      '50/60 s, -, -, weighted, socket, main.go:6, /v1/ask',
      '20/2 s, -, -, token-bucket, all, main.go:10, /ready, /v1/ask',
    ],
  ],
  [
    'a token bucket for each address',
    {
      'main.go': `package main
func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /items", items)
}
func limiterFor(r *http.Request) *rate.Limiter {
	client, _, _ := net.SplitHostPort(r.RemoteAddr)
	return rate.NewLimiter(5, 10)
}`,
    },
    ['10/2 s, -, -, token-bucket, socket, main.go:8, /items'],
  ],
])('%s', (_, files, limiters) => {
  expect(limitersIn(files)).toEqual(limiters);
});
