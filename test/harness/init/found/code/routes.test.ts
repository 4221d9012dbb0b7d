import { expect, test } from 'vitest';
import { bodyOf, servedBy } from '../../../../../harness/init/found/code/requests.ts';
import { routesOf } from '../../../../../harness/init/found/code/routes.ts';
import { codeOf } from './code-of.ts';

/** Returns the routes of a service as texts: method, path, place, status, and body. */
function routesIn(files: Record<string, string>): string[] {
  const code = codeOf(files);
  return routesOf(code).map((route) =>
    [route.method, route.path, code.at(route.module, route.range), servedBy(code, route), bodyOf(code, route)]
      .filter((part) => part !== undefined)
      .join(' '),
  );
}

test.each<[string, Record<string, string>, string[]]>([
  [
    'Express with a router in another file, clients and settings beside it',
    {
      'src/app.ts': `import express from 'express';
import orders from './routes/orders.js';
const app = express();
app.use(express.json());
app.use('/api', auth, orders);
app.get('/health', (req, res) => res.sendStatus(204));
app.get('env');
app.route('/things').put((req, res) => res.end());
const api = axios.create();
api.get('/outside', options);
axios.post('/elsewhere', body);`,
      'src/routes/orders.ts': `import { Router } from 'express';
const router = Router();
router.post('/orders/:id', async (req: Request, res: Response) => res.status(201).json({}));
router.post('/orders', async (req, res) => {
  const { item, amount } = req.body ?? {};
  if (typeof amount !== 'number') return res.status(400).end();
  res.status(202).json({});
});
export default router;`,
    },
    [
      'GET /health src/app.ts:6 204',
      'PUT /things src/app.ts:8 200',
      'POST /api/orders/{id} src/routes/orders.ts:3 201',
      'POST /api/orders src/routes/orders.ts:4 202 {"item":"hello ${unique}","amount":1}',
    ],
  ],
  [
    'CommonJS, a router in a router, and zod',
    {
      'server.js': `const express = require('express');
const app = express();
app.use('/v1', require('./v1'));`,
      'v1/index.js': `const { Router } = require('express');
const inner = Router();
const Ask = z.object({ text: z.string().min(1), top: z.number(), note: z.string().optional() });
inner.put('/ask', (req, res) => { const ask = Ask.parse(req.body); res.json(ask); });
const router = Router();
router.use('/inner', inner);
module.exports = router;`,
    },
    ['PUT /v1/inner/ask v1/index.js:4 200 {"text":"hello ${unique}","top":1}'],
  ],
  [
    'Fastify with generics, prefixes, a schema and a full declaration',
    {
      'app.ts': `import Fastify from 'fastify';
import routes from './routes.ts';
const fastify = Fastify();
fastify.register(routes, { prefix: '/v1' });
fastify.register(async (api) => { api.get<{ Params: P }>('/inside', async () => 1); }, { prefix: '/p' });
fastify.route({ method: ['PUT', 'DELETE'], url: '/both', handler: both });`,
      'routes.ts': `export default async function (scope: FastifyInstance) {
  scope.post<{ Body: Ask }>('/ask', { schema: { body: { type: 'object', required: ['q'],
    properties: { q: { type: 'string' }, n: { type: 'integer' } } } } }, async (request, reply) => reply.code(201));
}`,
    },
    [
      'GET /p/inside app.ts:5 200',
      'PUT /both app.ts:6',
      'DELETE /both app.ts:6',
      'POST /v1/ask routes.ts:2 201 {"q":"hello ${unique}"}',
    ],
  ],
  [
    'Hono and NestJS',
    {
      'hono.ts': `const app = new Hono();
app.post('/notes', async (c) => { const { title } = await c.req.json(); return c.json({ title }, 201); });
app.route('/sub', sub);
const sub = new Hono();
sub.get('/x', (c) => c.text('x'));`,
      'cats.controller.ts': `@Controller('cats')
export class Cats {
  @Post()
  create(@Body() body: Cat) {}
  @Put()
  rename(@Body() readonly cat: RenameCatDto) {}
  @Get(':id')
  find() {}
}
class RenameCatDto {
  name: string;
  age: number;
}`,
    },
    [
      'POST /notes hono.ts:2 201 {"title":"hello ${unique}"}',
      'GET /sub/x hono.ts:5 200',
      'POST /cats cats.controller.ts:3 201',
      'PUT /cats cats.controller.ts:5 200 {"name":"hello ${unique}","age":1}',
      'GET /cats/{id} cats.controller.ts:7 200',
    ],
  ],
  [
    'FastAPI with routers, statuses and models',
    {
      'app/main.py': `from app.routers import quotes
from .routers.chat import router as chat
app = FastAPI()
app.include_router(quotes.router, prefix="/api")
app.include_router(chat)`,
      'app/routers/quotes.py': `from ..models import Quote
router = APIRouter(prefix="/quotes", tags=["quotes"])
@router.post("", status_code=status.HTTP_201_CREATED)
async def create(request: Request, quote: Quote): ...`,
      'app/routers/chat.py': `router = APIRouter()
@router.post("/chat/{room}", status_code=202)
def chat(room: str, body: Annotated[Message, Body()]): ...
class Message(BaseModel):
    text: str = Field(..., min_length=1)
    mode: Literal["fast", "slow"]
    tags: list[str] = []`,
      'app/models.py': `class Part(BaseModel):
    count: int
class Base(BaseModel):
    mail: EmailStr
class Quote(Base):
    part: Part
    parts: list[Part]
    note: str | None = None`,
    },
    [
      'POST /api/quotes app/routers/quotes.py:3 201 {"mail":"user-${unique}@example.com","part":{"count":1},"parts":[{"count":1}]}',
      'POST /chat/{room} app/routers/chat.py:2 202 {"text":"hello ${unique}","mode":"fast"}',
    ],
  ],
  [
    'Flask with a blueprint',
    {
      'app.py': `bp = Blueprint("t", __name__, url_prefix="/tickets")
@bp.route("/<int:number>", methods=["PUT", "POST"])
def change(number):
    data = request.get_json()
    save(data["title"], data.get("owner"))
    return {}, 202
@app.get("/plain")
def plain(): ...`,
    },
    [
      'PUT /tickets/{number} app.py:2 202 {"title":"hello ${unique}","owner":"hello ${unique}"}',
      'POST /tickets/{number} app.py:2 202 {"title":"hello ${unique}","owner":"hello ${unique}"}',
      'GET /plain app.py:7 200',
    ],
  ],
  [
    "Go's own mux, with methods in patterns, in handlers, and none",
    {
      'main.go': `package main
type order struct {
	Item  string \`json:"item"\`
	Count int    \`json:"count"\`
	Note  string \`json:"note,omitempty"\`
}
func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders", create)
	mux.HandleFunc("/legacy", legacy)
	mux.Handle("GET /orders/{id}", limit(http.HandlerFunc(read)))
	http.HandleFunc("/ready", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
}
func create(w http.ResponseWriter, r *http.Request) {
	var in order
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil { http.Error(w, "no", 400); return }
	w.WriteHeader(http.StatusCreated)
}
func legacy(w http.ResponseWriter, r *http.Request) { if r.Method != http.MethodPut { return } }`,
    },
    [
      'POST /orders main.go:9 201 {"item":"hello ${unique}","count":1}',
      'PUT /legacy main.go:10 200',
      'GET /orders/{id} main.go:11',
      'GET /ready main.go:12 204',
    ],
  ],
  [
    'chi, gin and gorilla',
    {
      'chi.go': `package web
func chiRoutes(r chi.Router) {
	r.Route("/v1", func(r chi.Router) {
		r.With(limit).Post("/y", h)
		r.Route("/w", func(r chi.Router) { r.Get("/z", h) })
	})
}`,
      'gin.go': `package web
func ginRoutes() {
	g := gin.Default()
	v2 := g.Group("/v2")
	v3 := v2.Group("/v3")
	v3.POST("/m", func(c *gin.Context) {
		var in struct { Text string \`json:"text"\` }
		c.ShouldBindJSON(&in)
		c.JSON(http.StatusCreated, in)
	})
}`,
      'gorilla.go': `package web
func gorilla(r *mux.Router) { r.HandleFunc("/g/{id:[0-9]+}", h).Methods("PUT", "DELETE") }`,
    },
    [
      'POST /v1/y chi.go:4',
      'GET /v1/w/z chi.go:5',
      'POST /v2/v3/m gin.go:6 201 {"text":"hello ${unique}"}',
      'PUT /g/{id} gorilla.go:2',
      'DELETE /g/{id} gorilla.go:2',
    ],
  ],
  ['code without routes', { 'main.go': 'package main\nfunc main() {}', 'a.js': 'map.get("/x", 1); fetch("/y");' }, []],
])('%s', (_, files, routes) => {
  expect(routesIn(files)).toEqual(routes);
});
