import type { FoundLimiter } from './code/found-limiter.ts';
import type { Operation } from './operations.ts';

const FILES = ['nginx.conf', 'nginx/nginx.conf', 'conf/nginx.conf', 'nginx/default.conf', 'deploy/nginx.conf'];

/** A directive of a configuration: its words, the line on which it starts, and those in its block. */
interface Directive {
  readonly words: readonly string[];
  readonly line: number;
  readonly block: readonly Directive[];
}

/** What limits a place. A place inside another one has what it does not set itself from there. */
interface Limited {
  readonly limit?: Directive | undefined;
  /** The status of a refusal. */
  readonly status: string;
}

/**
 * Returns the limits that nginx has for requests. They are token buckets: a burst and one more request are admitted at
 * once.
 *
 * @param operations The service's endpoints.
 * @param command What starts the service. The lab starts nothing else, so the limits are left out unless it is nginx.
 */
export async function limitsInNginx(
  textIn: (name: string) => Promise<string | undefined>,
  operations: readonly Pick<Operation, 'method' | 'path'>[],
  command: string,
): Promise<FoundLimiter[]> {
  const texts = await Promise.all(FILES.map(async (file) => ({ file, text: await textIn(file) })));
  return texts.flatMap(({ file, text = '' }) => {
    const directives = directivesIn(text);
    const zones = zonesIn(directives);
    const limited = operations.map((operation) => ({
      operation,
      ...limitAt(operation.path, directives, { status: '503' }),
    }));
    // Requests of a zone count together.
    return [...zones].flatMap(([name, zone]): FoundLimiter[] => {
      const same = limited.filter(({ limit }) => limit && option(limit, 'zone') === name);
      const [{ limit, status } = { status: '' }] = same;
      if (!limit) return [];
      const max = 1 + Number(option(limit, 'burst') || 0);
      return [
        {
          from: `${file}:${limit.line}`,
          max: { value: max },
          seconds: { value: Number((max / zone.perSecond).toPrecision(6)) },
          window: 'token-bucket',
          unsaid: /\bnginx\b/.test(command)
            ? whyUnsaid(limit, status)
            : `nginx has it (${file}:${limit.line}), which "${command}" does not start`,
          client: clientOf(zone.key),
          routes: same.map(({ operation }) => operation),
        },
      ];
    });
  });
}

function whyUnsaid({ words }: Directive, status: string): string | undefined {
  if (status !== '429') return `it refuses with ${status}, and the limits of a contract with 429 (limit_req_status)`;
  const delays = words.some((word) => word.startsWith('burst=')) && !words.includes('nodelay');
  return delays ? 'it delays requests ("burst" without "nodelay"), which a contract can\'t say' : undefined;
}

function clientOf(key: string): string | undefined {
  const [, header] = /^\$http_(\w+)$/.exec(key) ?? [];
  if (header !== undefined) return `header ${header.replaceAll('_', '-')}`;
  if (/^\$(binary_)?remote_addr$/.test(key)) return 'socket';
  return key === '$server_name' ? 'all' : undefined;
}

/** Returns the limit of a path: of the location that nginx chooses for it, or of what is around it. */
function limitAt(path: string, directives: readonly Directive[], outer: Limited): Limited {
  const own = (name: string) => directives.find(({ words }) => words[0] === name);
  const status = own('limit_req_status')?.words[1] ?? outer.status;
  const here = { limit: own('limit_req') ?? outer.limit, status };
  const inner = directives.filter(({ words }) => words[0] === 'http' || words[0] === 'server');
  const [place = locationFor(path, directives)] = inner;
  return place ? limitAt(path, place.block, here) : here;
}

/** Exact locations come first, then the longest prefix. Regular expressions are not understood. */
function locationFor(path: string, directives: readonly Directive[]): Directive | undefined {
  const locations = directives.filter(({ words }) => words[0] === 'location');
  const exact = locations.find(({ words }) => words[1] === '=' && words[2] === path);
  const prefixes = locations.filter(({ words }) => words[1] !== '=' && path.startsWith(words.at(-1) ?? ''));
  return exact ?? prefixes.sort((a, b) => (b.words.at(-1) ?? '').length - (a.words.at(-1) ?? '').length)[0];
}

/** Returns the value of an option such as `burst=20`, or an empty text. */
const option = ({ words }: Directive, name: string): string =>
  words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';

function zonesIn(directives: readonly Directive[]): Map<string, { key: string; perSecond: number }> {
  const all = directives.flatMap(({ words, block }) => [{ words }, ...block]);
  return new Map(
    all.flatMap(({ words }) => {
      const [, zone, count, unit] = /zone=(\w+):\S+ rate=(\d+)r\/([sm])/.exec(words.slice(2).join(' ')) ?? [];
      if (words[0] !== 'limit_req_zone' || zone === undefined) return [];
      return [[zone, { key: words[1] ?? '', perSecond: Number(count) / (unit === 'm' ? 60 : 1) }] as const];
    }),
  );
}

/** Reads a configuration. What has no end is left out. */
function directivesIn(text: string): Directive[] {
  const open: { block: Directive[]; words: string[]; line: number }[] = [{ block: [], words: [], line: 1 }];
  let words: string[] = [];
  let line = 1;
  let start = 1;
  for (const [token] of text.matchAll(/#.*|"[^"]*"|'[^']*'|[;{}\n]|[^\s;{}]+/g)) {
    const last = open.at(-1);
    if (token === '\n') line += 1;
    else if (token === ';') {
      last?.block.push({ words, line: start, block: [] });
      words = [];
    } else if (token === '{') {
      open.push({ block: [], words, line: start });
      words = [];
    } else if (token === '}') {
      if (last && open.length > 1) open.at(-2)?.block.push(last);
      if (open.length > 1) open.pop();
    } else if (!token.startsWith('#')) {
      if (words.length === 0) start = line;
      words.push(token.replace(/^(["'])(.*)\1$/, '$2'));
    }
  }
  return open[0]?.block ?? [];
}
