import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AfterRig, afterRig, BY, home } from '../../../../test/after-rig.ts';
import { repositoryAt, type TestRepository, tempDir } from '../../../../test/builders.ts';

let repo: TestRepository;
let tree: TestRepository;
let sessionId: AfterRig['sessionId'];
let engine: AfterRig['engine'];
beforeEach(async () => {
  ({ repo, tree, sessionId, engine } = await afterRig());
});

describe('outside', () => {
  const program = (name: string, script: string): void => {
    mkdirSync(join(home, 'bin'), { recursive: true });
    writeFileSync(join(home, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  };

  it('opens the tree in the editor that is set, without a shell', async () => {
    const said = join(home, 'said');
    await expect(engine.outside.open({ sessionId, with: 'editor' })).rejects.toThrow(
      /"edit" of the setting worktrees\.editor/,
    );
    program('edit', `printf '%s\\n' "$PWD" "$@" > ${said}`);
    expect((await engine.outside.open({ sessionId, with: 'editor' })).command.slice(1)).toEqual(['--wait', tree.path]);
    expect(readFileSync(said, 'utf8')).toBe(`${tree.path}\n--wait\n${tree.path}\n`);
    program('edit', 'exit 4');
    await expect(engine.outside.open({ sessionId, with: 'editor' })).rejects.toThrow(/ended with 4/);
    await expect(engine.outside.open({ sessionId, with: 'terminal' })).rejects.toThrow(/No terminal was found/);
  });

  it('pushes to a remote by name, never by force, and tells', async () => {
    const bare = join(tempDir(), 'origin.git');
    repo.git('clone', '--quiet', '--bare', '.', bare);
    repo.git('remote', 'add', 'origin', bare);
    const tip = tree.commit({ x: '1' });
    const to = { sessionId, remote: 'origin', branch: 'work/x', confirm: true as const };
    expect(await engine.outside.push(to, BY)).toEqual({ remote: 'origin', branch: 'work/x', commit: tip, url: bare });
    expect(engine.pushed).toEqual([{ sessionId, remote: 'origin', branch: 'work/x', commit: tip, by: BY }]);
    const at = repositoryAt(bare, home);
    expect(at.git('rev-parse', 'work/x')).toBe(tip);
    // Somebody else has pushed there: not overwritten.
    at.git('update-ref', 'refs/heads/work/x', at.git('commit-tree', '-m', 'other', `${tip}^{tree}`));
    await expect(engine.outside.push(to, BY)).rejects.toThrow(/Nothing was pushed to "origin" as "work\/x"/);
    await expect(engine.outside.push({ ...to, remote: '--all' }, BY)).rejects.toThrow(
      /no remote "--all"\. It has origin\./,
    );
    at.write('hooks/pre-receive', '#!/bin/sh\necho "Only on weekdays." >&2\nexit 1\n');
    chmodSync(join(bare, 'hooks/pre-receive'), 0o755);
    await expect(engine.outside.push({ ...to, branch: 'later' }, BY)).rejects.toThrow(/"later": Only on weekdays; /);
    await expect(engine.outside.push({ ...to, branch: '-d' }, BY)).rejects.toThrow(/no name for a branch/);
    await expect(engine.outside.push({ ...to, branch: 'a..b' }, BY)).rejects.toThrow(/no name for a branch/);
  });

  it('opens a pull request by gh, or names the page', async () => {
    const bare = join(tempDir(), 'origin.git');
    repo.git('clone', '--quiet', '--bare', '.', bare);
    repo.git('remote', 'add', 'origin', 'https://user:secret@github.com/ada/shop.git');
    repo.git('config', `url.${bare}.pushInsteadOf`, 'https://user:secret@github.com/ada/shop.git');
    tree.commit({ x: '1' });
    const to = { sessionId, remote: 'origin', branch: 'work/x', confirm: true as const };
    await expect(engine.outside.openPullRequest(to, BY)).rejects.toThrow(/no page for pull requests is known/);
  });
});
