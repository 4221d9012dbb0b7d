"""An agent that lets models place orders (see python-agent.ts), with nothing but the standard library. The argument is a
defect. Without it, the service is correct."""
import http.client
import json
import os
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

DEFECT = sys.argv[1] if len(sys.argv) > 1 else ''
ROUNDS = 5
MOST_OUTPUT = 120
MOST_TOKENS = float(os.environ.get('BUDGET_TOKENS', 'inf'))
SECONDS = float(os.environ.get('BUDGET_SECONDS', '86400'))
SCHEMA = {
    'type': 'object',
    'properties': {'item': {'type': 'string'}, 'quantity': {'type': 'integer'}},
    'required': ['item', 'quantity'],
}


class Refused(Exception):
    """The budget does not allow a call."""


class Account:
    """What a team has used and reserved, and until when this counts."""

    lock = threading.Lock()
    teams = {}

    def __init__(self):
        self.used = self.reserved = 0
        self.until = time.monotonic() + SECONDS

    @classmethod
    def of(cls, team):
        account = cls.teams.get(team)
        if account is None or time.monotonic() >= account.until:
            account = cls.teams[team] = cls()
        return account

    @classmethod
    def reserve(cls, team, tokens):
        with cls.lock:
            account = cls.of(team)
            if account.used + account.reserved + tokens > MOST_TOKENS:
                raise Refused
            account.reserved += tokens
            return account

    def settle(self, reserved, used):
        with self.lock:
            self.reserved -= reserved
            self.used += used


def post(url, path, body, headers, seconds):
    """Sends a request, and returns the connection with the response."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=seconds)
    connection.request('POST', urlsplit(url).path + path, json.dumps(body), {'content-type': 'application/json', **headers})
    return connection, connection.getresponse()


def events_in(response):
    """Yields the data of server-sent events."""
    for line in response:
        if line.startswith(b'data: {'):
            yield json.loads(line[6:])


class Call:
    """A call of a tool: its arguments are a text, or an object if the API parses them."""

    def __init__(self, key, name, arguments):
        self.id, self.name, self.arguments = key, name, arguments


class Answer:
    """An answer of a model, as it comes."""

    def __init__(self):
        self.text, self.calls, self.output, self.usage, self.is_whole = '', [], [], None, False
        self.pieces = 0


class Responses:
    """OpenAI's Responses API."""

    url, path = os.environ['MODEL_URL'], '/responses'
    headers = {'authorization': 'Bearer sk-python-agent'}

    @staticmethod
    def body(said):
        tool = {'type': 'function', 'name': 'place_order', 'strict': False, 'parameters': SCHEMA}
        return {'model': 'gpt-5.6-luna', 'input': said, 'tools': [tool], 'max_output_tokens': MOST_OUTPUT}

    @staticmethod
    def read(answer, whole):
        answer.output = whole['output']
        answer.usage = whole['usage']['input_tokens'] + whole['usage']['output_tokens']
        answer.is_whole = whole['status'] == 'completed'
        answer.text = ''.join(
            part['text'] for item in answer.output if item['type'] == 'message' for part in item['content']
        )
        calls = [item for item in answer.output if item['type'] == 'function_call']
        answer.calls = [Call(item['call_id'], item['name'], item['arguments']) for item in calls]

    @classmethod
    def stream(cls, answer, events):
        for event in events:
            if event['type'] == 'response.output_text.delta':
                answer.pieces += 1
                yield event['delta']
            if event['type'] in ('response.completed', 'response.incomplete'):
                cls.read(answer, event['response'])

    @staticmethod
    def results(answer, results):
        said = [{'type': 'function_call_output', 'call_id': call.id, 'output': text} for call, text, _ in results]
        return answer.output + said


class Messages:
    """Anthropic's Messages API."""

    url, path = os.environ['CLAUDE_URL'], '/v1/messages'
    headers = {'x-api-key': 'sk-ant-python-agent', 'anthropic-version': '2023-06-01'}

    @staticmethod
    def body(said):
        tool = {'name': 'place_order', 'input_schema': SCHEMA}
        return {'model': 'claude-sonnet-5', 'messages': said, 'tools': [tool], 'max_tokens': MOST_OUTPUT}

    @staticmethod
    def read(answer, whole):
        answer.output = whole['content']
        answer.usage = whole['usage']['input_tokens'] + whole['usage']['output_tokens']
        answer.is_whole = whole['stop_reason'] in ('tool_use', 'end_turn')
        answer.text = ''.join(block['text'] for block in answer.output if block['type'] == 'text')
        calls = [block for block in answer.output if block['type'] == 'tool_use']
        answer.calls = [Call(block['id'], block['name'], block['input']) for block in calls]

    @classmethod
    def stream(cls, answer, events):
        blocks, written, whole, is_ended = {}, {}, {}, False
        for event in events:
            kind, index, delta = event['type'], event.get('index'), event.get('delta', {})
            if kind == 'message_start':
                whole = event['message']
            elif kind == 'content_block_start':
                blocks[index], written[index] = event['content_block'], ''
            elif kind == 'content_block_delta':
                written[index] += delta.get('text', delta.get('partial_json', ''))
                if 'text' in delta:
                    answer.pieces += 1
                    yield delta['text']
            elif kind == 'message_delta':
                whole = {**whole, **delta, 'usage': {**whole['usage'], **event['usage']}}
            is_ended = is_ended or kind == 'message_stop'
        if not is_ended:
            return
        texts = {index: {**block, 'text': written[index]} for index, block in blocks.items() if block['type'] == 'text'}
        cls.read(answer, {**whole, 'content': list({**blocks, **texts}.values())})
        # The arguments of a stream are a text, which may be broken.
        for call, index in zip(answer.calls, [i for i, block in blocks.items() if block['type'] == 'tool_use']):
            call.arguments = written[index]
            answer.output = [
                {**block, 'input': parsed(call.arguments)} if block.get('id') == call.id else block for block in answer.output
            ]

    @staticmethod
    def results(answer, results):
        said = [
            {'type': 'tool_result', 'tool_use_id': call.id, 'content': text, 'is_error': is_error}
            for call, text, is_error in results
        ]
        return [{'role': 'assistant', 'content': answer.output}, {'role': 'user', 'content': said}]


def parsed(text):
    try:
        return json.loads(text)
    except ValueError:
        return {}


def repaired(text):
    """Closes what truncated JSON leaves open, as some clients do."""
    for end in ('', '}', '"}', 'null}', ':null}', '":null}', '{}'):
        try:
            return json.loads(text.rstrip(', ') + end)
        except ValueError:
            continue
    raise ValueError('the arguments are no JSON')


def order_in(arguments):
    is_repaired = DEFECT == 'truncated-call-executed'
    if isinstance(arguments, str):
        order = repaired(arguments) if is_repaired else json.loads(arguments)
    else:
        order = arguments
    is_order = isinstance(order, dict) and isinstance(order.get('item'), str) and isinstance(order.get('quantity'), int)
    if not is_order and not (is_repaired and isinstance(order, dict)):
        raise ValueError('the arguments are invalid')
    return order


def execute(call, is_whole, done):
    """Executes a call. Returns it with its result for the model, and whether this is an error."""
    try:
        if call.name != 'place_order':
            raise ValueError(f'there is no tool {call.name}')
        if not is_whole and DEFECT != 'truncated-call-executed':
            raise ValueError('the call is truncated')
        order = order_in(call.arguments)
        if call.id in done:
            raise ValueError('the call was made already')
        done.add(call.id)
        return call, place(call.id, order), False
    except (ValueError, OSError, http.client.HTTPException) as error:
        return call, f'Error: {error}', True


def place(key, order):
    for attempt in (1, 2):
        own = f'{key}-{attempt}' if DEFECT == 'tool-twice-after-a-retry' else key
        try:
            connection, response = post(os.environ['SHOP_URL'], '/orders', order, {'idempotency-key': own}, 1)
            text = response.read().decode()
            connection.close()
            if response.status >= 400:
                raise ValueError(f'the shop answered {response.status}')
            return text
        except (ValueError, OSError, http.client.HTTPException):
            if attempt == 2:
                raise


def gone(caller, upstream):
    """Ends a call of an upstream when its caller leaves."""
    try:
        if caller.recv(1, socket.MSG_PEEK) == b'':
            upstream.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


class Service(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *_):
        pass

    def respond(self, status, body, kind='application/json'):
        self.send_response(status)
        self.send_header('content-type', kind)
        self.send_header('content-length', str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def do_GET(self):
        team = self.headers.get('x-team', '')
        with Account.lock:
            used = Account.of(team).used
        self.respond(200, json.dumps({'tokens': used}))

    def do_POST(self):
        body = parsed(self.rfile.read(int(self.headers.get('content-length', '0'))))
        question = body.get('question') if isinstance(body, dict) else None
        if not isinstance(question, str):
            return self.respond(400, '{"error":"the question is not valid"}')
        api = Responses if 'responses' in self.path else Messages
        self.is_stream, self.is_begun = self.path.endswith('/stream'), False
        try:
            text = self.answer(api, question)
            if self.is_stream:
                return self.event('[DONE]')
            self.respond(200, json.dumps({'answer': text}))
        except Refused:
            self.fail(429, 'the budget of the team is used up')
        except Exception as error:  # pylint: disable=broad-except
            print(type(error).__name__, error, flush=True)
            self.fail(502, 'the agent did not come to an answer')

    def fail(self, status, message):
        body = json.dumps({'error': message})
        if not self.is_begun:
            return self.respond(status, body)
        try:
            self.wfile.write(f'event: error\ndata: {body}\n\n'.encode())
        except OSError:
            pass

    def event(self, data):
        if not self.is_begun:
            self.is_begun = self.close_connection = True
            self.send_response(200)
            self.send_header('content-type', 'text/event-stream')
            self.send_header('connection', 'close')
            self.end_headers()
        self.wfile.write(f'data: {data}\n\n'.encode())

    def answer(self, api, question):
        said, done = [{'role': 'user', 'content': question}], set()
        for _ in range(ROUNDS):
            answer = self.ask(api, said)
            if not answer.calls:
                if not answer.is_whole:
                    raise ValueError('the answer is incomplete')
                return answer.text
            results = [execute(call, answer.is_whole, done) for call in answer.calls]
            said = said + api.results(answer, results)
        raise ValueError('too many rounds')

    def ask(self, api, said):
        body = {**api.body(said), **({'stream': True} if self.is_stream else {})}
        prompt = len(json.dumps(body)) // 4
        account = Account.reserve(self.headers.get('x-team', ''), prompt + MOST_OUTPUT)
        answer, used = Answer(), 0
        try:
            connection, response = post(api.url, api.path, body, api.headers, 5)
            if response.status >= 400:
                raise ValueError(f'the model answered {response.status}')
            used = prompt
            if self.is_stream:
                threading.Thread(target=gone, args=(self.connection, connection.sock), daemon=True).start()
                for text in api.stream(answer, events_in(response)):
                    self.event(json.dumps({'text': text}))
            else:
                api.read(answer, json.loads(response.read()))
            connection.close()
            if answer.usage is None:
                raise ValueError('the stream broke off')
            return answer
        finally:
            used = answer.usage if answer.usage is not None else used and prompt + answer.pieces
            account.settle(prompt + MOST_OUTPUT, 0 if self.is_stream and DEFECT == 'streams-not-counted' else used)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


Server(('127.0.0.1', int(os.environ['PORT'])), Service).serve_forever()
