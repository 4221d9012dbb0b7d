/** What runs a service, by the programs that start it. */
const PROGRAMS: Readonly<Record<string, RegExp>> = {
  node: /^(node|npm|npx|pnpm|yarn|tsx|ts-node|nest|next|bun)$/,
  python:
    /^(python[\d.]*|uvicorn|gunicorn|hypercorn|granian|daphne|waitress-serve|fastapi|flask|poetry|pipenv|uv|manage\.py)$/,
  go: /^go$/,
  java: /^(java|mvnw?|gradlew?|.+\.jar)$/,
  ruby: /^(ruby|bundle|rails|rackup|puma|unicorn|falcon|thin|.+\.rb)$/,
  other: /^(php[\d.]*|php-fpm[\d.]*|frankenphp|dotnet|cargo|deno|elixir|mix|nginx|caddy|haproxy)$/,
};

/**
 * Returns what runs a service that this command starts, such as `python`, or undefined if the command does not say so.
 * Call it with the text of a script, too, that the command runs.
 */
export function runtimeInCommand(command: string): string | undefined {
  const words = command.split(/[\s"'&;|()]+/).map((word) => word.split('/').at(-1) ?? '');
  for (const word of words) {
    const found = Object.entries(PROGRAMS).find(([, programs]) => programs.test(word));
    if (found) return found[0];
  }
  return undefined;
}
