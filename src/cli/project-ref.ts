import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Project } from '../shared/contract/projects.ts';
import { TenureError } from '../shared/errors.ts';
import type { Cli } from './verb.ts';

/** The path that the person meant in their shell, symlinks resolved as far as it exists. */
export function pathGiven(cli: Pick<Cli, 'cwd' | 'home'>, text: string): string {
  // A shell leaves a quoted ~ alone.
  const path = resolve(cli.cwd, text.replace(/^~(?=\/|$)/, cli.home));
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/**
 * The project that the person named by its id, its path or its name.
 * @throws TenureError `not_found`, or `conflict` when several have that name.
 */
export async function projectNamed(cli: Cli, ref: string): Promise<Project> {
  const projects = await cli.call('projects.list', {});
  const path = pathGiven(cli, ref);
  const exact = projects.find((project) => project.id === ref || project.path === path);
  if (exact) return exact;
  const named = projects.filter((project) => project.name === ref);
  const [first, second] = named;
  if (first && !second) return first;
  if (second) {
    const ids = named.map(({ id, path: where }) => `${id} (${where})`).join(', ');
    throw new TenureError('conflict', `Several projects are called "${ref}"; name one by its id: ${ids}.`);
  }
  const known = projects.map(({ name }) => name).join(', ') || 'none yet; "tenure project add <path>" adds one';
  throw new TenureError('not_found', `There is no project with the id, name or path "${ref}". Projects: ${known}.`);
}

/** What narrows a request to the project of an option; nothing when none was named. Throws as `projectNamed` does. */
export const projectFilter = async (cli: Cli, ref: string | undefined): Promise<{ projectId?: string }> =>
  ref === undefined ? {} : { projectId: (await projectNamed(cli, ref)).id };
