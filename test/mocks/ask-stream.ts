import { request } from 'undici';
import { type FakeLab, startFakeLab } from './fake-lab.ts';

/** A client's view of a stream. */
interface Streamed {
  status: number;
  text: string;
  /** The data of each event. */
  data: string[];
  /** The number of chunks in the body. */
  pieces: number;
  /** The error code with which the stream broke, or undefined if it ended cleanly. */
  error: string | undefined;
}

/** Requests a streamed completion from the Groq fake and reads it until it ends or breaks off. */
export async function askStream(
  lab: FakeLab,
  { content = 'Good morning', signal }: { content?: string; signal?: AbortSignal } = {},
) {
  const { statusCode, body } = await request(`${lab.fakes.upstreams.groq}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer gsk_test', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'openai/gpt-oss-20b', messages: [{ role: 'user', content }], stream: true }),
    dispatcher: lab.agent,
    ...(signal ? { signal } : {}),
  });
  const streamed: Streamed = { status: statusCode, text: '', data: [], pieces: 0, error: undefined };
  const bytes: Buffer[] = [];
  try {
    for await (const chunk of body) {
      bytes.push(chunk);
      streamed.pieces++;
    }
  } catch (error) {
    streamed.error = (error as NodeJS.ErrnoException).code ?? String(error);
  }
  streamed.text = Buffer.concat(bytes).toString();
  streamed.data = [...streamed.text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => data);
  return streamed;
}

/** Returns the stream of an undisturbed lab. Another lab's first stream has the same text. */
export async function firstStream(): Promise<Streamed> {
  await using lab = await startFakeLab();
  return await askStream(lab);
}
