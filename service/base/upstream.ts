/** The two external APIs: the LLM (Groq) and the memory API (Mem0). Their circuit breakers have the same names. */
export type Upstream = 'llm' | 'memory';

export const UPSTREAMS: readonly Upstream[] = ['llm', 'memory'];

/** The names of the upstream calls in the log lines that the specification prescribes. */
export const UPSTREAM_CALL: Readonly<Record<Upstream, string>> = {
  llm: '_invoke_llm',
  memory: 'extract_memories_from_api',
};

/** The name of each upstream in messages and in the log. */
export const UPSTREAM_TITLE: Readonly<Record<Upstream, string>> = { llm: 'LLM API', memory: 'Memory API' };
