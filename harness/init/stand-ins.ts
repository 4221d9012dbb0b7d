import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ContractFile } from '../contract/contract.ts';

/** The OpenAPI documents that `proofload init` wrote in place of upstreams. */
export class StandIns {
  readonly #folder: string;
  readonly #example: string;
  readonly #written: string[] = [];

  /**
   * @param folder The contract's folder.
   * @param example The fields that the service takes from answers, as JSON.
   */
  constructor(folder: string, example = '{}') {
    this.#folder = folder;
    this.#example = JSON.stringify({ ...USUAL, ...JSON.parse(example.replaceAll('${unique}', 'world')) });
  }

  /** Writes a document for each upstream whose document does not exist. Returns their names. */
  async write({ upstreams = {} }: ContractFile): Promise<string[]> {
    const missing = Object.entries(upstreams).flatMap(([name, upstream]) =>
      'openapi' in upstream && !existsSync(join(this.#folder, upstream.openapi))
        ? [{ name, file: upstream.openapi }]
        : [],
    );
    for (const { name, file } of missing) {
      const path = join(this.#folder, file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, documentFor(name, this.#example), { flag: 'wx' });
      this.#written.push(path);
    }
    return missing.map(({ file }) => file);
  }

  /** Removes what was written. */
  async remove(): Promise<void> {
    for (const path of this.#written.splice(0)) await rm(path, { force: true });
  }
}

/** The fields of most answers. */
const USUAL = { id: '1', status: 'ok' };

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** Returns an OpenAPI document of an upstream that answers each request with the same example. */
const documentFor = (name: string, example: string): string =>
  `# Stands in for ${name} in tests. Its example has the fields that the service reads. Replace it by an answer of the
# real API, or the whole file by the OpenAPI document of that API. All requests get this answer.
openapi: 3.1.0
info: { title: ${name}, version: "1" }
paths:
  /: &all
    get: &answer
      responses:
        "200":
          description: an answer
          content:
            application/json:
              example: ${example}
${METHODS.slice(1)
  .map((method) => `    ${method}: *answer`)
  .join('\n')}
  /{a}: *all
  /{a}/{b}: *all
  /{a}/{b}/{c}: *all
  /{a}/{b}/{c}/{d}: *all
`;
