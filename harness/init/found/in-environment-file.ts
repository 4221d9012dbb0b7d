import type { Provider } from '../../../faults/fakes/provider.ts';
import { providers } from '../../../mocks/providers.ts';
import { databasePart } from '../answers.ts';
import type { Variable } from './code/code.ts';
import type { FoundAnswer, FoundAnswers } from './source.ts';

/** Returns the variables in a file with an example of the service's environment, such as `.env.example`. */
export function variablesIn(text: string, file: string): Variable[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const [, name, written = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line) ?? [];
    const [, double, single, plain = ''] = /^(?:"([^"]*)"|'([^']*)'|([^#]*?)\s*(?:\s#.*)?)$/.exec(written) ?? [];
    return name === undefined ? [] : [{ name, value: double ?? single ?? plain, from: `${file}:${index + 1}` }];
  });
}

/** What is known besides the variables. */
interface Surroundings {
  /** The code that reads them, which may contain the addresses of providers. */
  readonly code?: readonly { readonly file: string; readonly text: string }[];
  /** OpenAPI documents in the folder, which may describe upstreams. */
  readonly documents?: readonly string[];
  /** The variables without a default in the code. */
  readonly bare?: readonly Variable[];
}

/**
 * Returns the answers in the variables that a service reads: those of the port, the database, the secret key and the
 * upstreams.
 *
 */
export function answersInVariables(
  variables: readonly Variable[],
  { code = [], documents = [], bare = [] }: Surroundings = {},
): FoundAnswers {
  const certain = ({ name, from }: Variable): FoundAnswer => ({ answer: name, from });
  const guess = ({ name, from }: Variable): FoundAnswer => ({ answer: name, from, isGuess: true });
  const port = variables.find(({ name }) => /^(PORT|HTTP_PORT|SERVER_PORT|APP_PORT|LISTEN_PORT)$/.test(name));
  // It may also be the port of something else, such as Redis.
  const otherPort = variables.find(
    ({ name }) => /_PORT$/.test(name) && !/REDIS|DB|PG|POSTGRES|SMTP|METRICS|DEBUG|MYSQL/.test(name),
  );
  const database =
    variables.find(({ value }) => URL_OF_POSTGRES.test(value)) ??
    variables.find(({ name, value }) => value === '' && /^(DATABASE|POSTGRES\w*|PG|DB)_UR[LI]$/.test(name));
  const parts = database ? [] : databaseParts(variables);
  const credentials = database ? credentialsBeside(database, variables) : [];
  const secret = variables.find(({ name }) => /(^|_)SECRET(_KEY)?$/.test(name));
  const upstreams = upstreamsIn(variables, code, documents);
  const taken = [port, otherPort, database, ...parts, secret]
    .flatMap((variable) => variable?.name ?? [])
    .concat(credentials);
  return {
    ...settingsIn(variables, bare, [
      ...taken,
      ...Object.values(upstreams).map(({ answer }) => answer.split('=')[0] ?? ''),
    ]),
    ...(otherPort && { portSetting: guess(otherPort) }),
    ...(port && { portSetting: certain(port) }),
    ...(database && {
      databaseSetting: { answer: [withDriver(database, code), ...credentials].join(' '), from: database.from },
    }),
    ...(parts.length > 0 && {
      databaseSetting: {
        answer: parts.map(({ name }) => name).join(' '),
        from: parts.map(({ from }) => from).join(', '),
      },
    }),
    ...(secret && { secretSetting: certain(secret) }),
    ...upstreams,
  };
}

const URL_OF_POSTGRES = /^(?:(jdbc):)?(postgres(?:ql)?(?:\+\w+)?):\/\//;

/** Returns the name of the variable with a database's URL, and what the URL needs besides: see `databaseSettings`. */
function withDriver({ name, value }: Variable, code: readonly { readonly text: string }[]): string {
  const [, jdbc, scheme = ''] = URL_OF_POSTGRES.exec(value) ?? [];
  const driver = jdbc ?? (scheme.includes('+') ? scheme : undefined);
  if (driver !== undefined) return `${name}=${driver}`;
  // lib/pq demands TLS unless it is told not to, as an example of the environment often does.
  const isPlain = /[?&]sslmode=disable\b/.test(value) || code.some(({ text }) => text.includes('"github.com/lib/pq"'));
  return isPlain ? `${name}?sslmode=disable` : name;
}

/** Returns the variables with the user and the password of a URL that has none, such as those of Spring. */
function credentialsBeside({ name, value }: Variable, variables: readonly Variable[]): string[] {
  const [prefix] = /^.*(?=_UR[LI]$)/.exec(name) ?? [];
  if (prefix === undefined || !value.startsWith('jdbc:') || /[?&]user=/.test(value)) return [];
  const own = variables.filter((other) => new RegExp(`^${prefix}_(USER(NAME)?|PASS(WORD)?)$`).test(other.name));
  return own.map((other) => other.name);
}

/** Returns the variables with the parts of PostgreSQL's address, if its host and its database are among them. */
function databaseParts(variables: readonly Variable[]): Variable[] {
  const named = variables.filter(({ name }) => OF_DATABASE.test(name) && databasePart(name) !== undefined);
  const has = (part: string) => named.some(({ name }) => databasePart(name) === part);
  return has('${postgres.host}') && has('${postgres.database}') ? named : [];
}

/** Matches the parts of a database's address, also for several databases: MySQL's are not those of PostgreSQL. */
const OF_DATABASE = /^(DB|DATABASE|PG|POSTGRES(QL)?|SQL|SPRING_DATASOURCE)_?[A-Z]+$/;

/** Returns the settings without which the service may not start: those that have no default in the code. */
function settingsIn(variables: readonly Variable[], bare: readonly Variable[], taken: readonly string[]): FoundAnswers {
  const needed = variables.flatMap(({ name, value, from }) => {
    if (taken.includes(name) || !bare.some((other) => other.name === name)) return [];
    const usual = /SECRET|ENCRYPT|SIGNING/.test(name)
      ? '${secret}'
      : /KEY|TOKEN|PASSWORD/.test(name)
        ? 'example-key'
        : '';
    const given = value || usual;
    return given === '' || /\s/.test(given) ? [] : [{ setting: `${name}=${given}`, from }];
  });
  if (needed.length === 0) return {};
  const from = needed.map((setting) => setting.from).join(', ');
  return { settings: { answer: needed.map(({ setting }) => setting).join(' '), from } };
}

interface Used {
  readonly name: string;
  readonly source: string;
  readonly setting?: Variable | undefined;
  readonly key?: Variable | undefined;
  readonly from: string;
  readonly isGuess?: boolean;
}

/**
 * Returns the answers about the providers whose address or API key is among the variables, or whose address is fixed in
 * the code, and about other upstreams whose address is among the variables.
 */
function upstreamsIn(
  variables: readonly Variable[],
  code: Surroundings['code'] & {},
  documents: readonly string[],
): FoundAnswers {
  const ofProviders = Object.entries<Provider>(providers).flatMap(([kind, provider]): Used[] => {
    const setting =
      variables.find(({ value }) => value.startsWith(provider.origin)) ??
      variables.find(({ name }) => name === provider.usage.setting);
    const key = variables.find(({ name }) => name === provider.usage.keySetting);
    // An address in the code may be part of a comment.
    const fixed = setting ? undefined : code.find(({ text }) => text.includes(provider.origin));
    const from = setting?.from ?? key?.from ?? (fixed && `${fixed.file}:${lineWith(fixed.text, provider.origin)}`);
    return from === undefined ? [] : [{ name: kind, source: kind, setting, key, from, isGuess: !setting && !key }];
  });
  const ofProvider = ofProviders.flatMap(({ setting }) => setting?.name ?? []);
  const others = variables.filter((variable) => isAddress(variable) && !ofProvider.includes(variable.name));
  const ofOthers = others.map((setting): Used => {
    const stem = setting.name.replace(/_(BASE_URL|BASEURL|API_URL|URL|URI|BASE|ENDPOINT|API)$/, '');
    const name = stem.toLowerCase().replaceAll('_', '-');
    const document = documents.find((path) => path.toLowerCase().includes(name));
    const key = variables.find((other) => other.name.startsWith(`${stem}_`) && /(KEY|TOKEN)$/.test(other.name));
    return { name, source: document ? `./${document}` : `./mocks/${name}.yaml`, setting, key, from: setting.from };
  });
  const used = [...ofProviders, ...ofOthers];
  if (used.length === 0) return {};
  const answers: Record<string, FoundAnswer> = {
    upstreams: {
      answer: used.map(({ name, source }) => (name === source ? name : `${name}=${source}`)).join(' '),
      from: used.map(({ from }) => from).join(', '),
      isGuess: used.some(({ isGuess }) => isGuess),
    },
  };
  for (const { name, setting, key, from } of used) {
    const value = setting?.value.replace(/[?#].*$/, '');
    if (setting)
      answers[`${name}.setting`] = { answer: value ? `${setting.name}=${value}` : setting.name, from: setting.from };
    // The address is fixed in the code, or nothing is known about it.
    else if (code.some(({ text }) => text.includes(providers[name as keyof typeof providers].origin)))
      answers[`${name}.setting`] = { answer: 'none', from, isGuess: true };
    if (key) answers[`${name}.key`] = { answer: key.name, from: key.from };
  }
  return answers;
}

/** Whether a variable has the address of an HTTP API that the service calls. */
const isAddress = ({ name, value }: Variable): boolean =>
  /^https?:\/\/[^\s@]+$/.test(value) &&
  /_(BASE_URL|BASEURL|API_URL|URL|URI|BASE|ENDPOINT|API)$/.test(name) &&
  !/^(APP|PUBLIC|SELF|SITE|BASE|FRONTEND|CLIENT|SERVER|CALLBACK|REDIRECT|CORS|ALLOWED|OTEL|SENTRY|JAEGER|LOKI|NEXT_PUBLIC|DATABASE|HTTPS?)_|CALLBACK|REDIRECT|WEBHOOK|JWKS|ISSUER|ORIGIN|PROXY/.test(
    name,
  );

const lineWith = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;
