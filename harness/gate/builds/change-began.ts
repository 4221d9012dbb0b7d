import { commitOf, mergeBaseOf, NO_HISTORY, repositoryOf } from './check-out.ts';

/** The environment variables of a CI service, which name the base of a pull request or merge request. */
type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Returns the commit at which the change under test began, if this is a pull request of GitHub Actions or a merge
 * request of GitLab.
 *
 * @param folder A folder of the repository.
 * @returns `missing` says why it isn't known, for example because the history was not checked out. undefined if
 * there is no pull request or merge request.
 */
export async function changeBegan(
  folder: string,
  { GITHUB_BASE_REF: branch, CI_MERGE_REQUEST_DIFF_BASE_SHA: base }: Variables = process.env,
): Promise<{ commit: string } | { missing: string } | undefined> {
  if (!branch && !base) return undefined;
  const repository = await repositoryOf(folder);
  const name = base || `origin/${branch}`;
  const commit = repository && (await (base ? commitOf(repository, base) : mergeBaseOf(repository, name)));
  if (commit) return { commit };
  return { missing: `the history of ${name} ${NO_HISTORY}` };
}
