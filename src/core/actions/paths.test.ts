import { expect, test } from 'vitest';
import { ANY, BELOW, STAR } from './atoms.ts';
import { HOME, machine, WORKTREE } from './corpus/context.ts';
import { isWithin, locate, protectionsOf, shortPath, spotsOf } from './paths.ts';

const links = {
  [`${WORKTREE}/link`]: '/etc',
  [`${WORKTREE}/a/up`]: '../..',
  '/tmp': '/private/tmp',
  [`${WORKTREE}/file`]: `${HOME}/.zshrc`,
};
const context = machine({}, links);
const real = (path: string, last = true): string[] => spotsOf(path, [WORKTREE], context, last).map((spot) => spot.real);

test.each<[path: string, places: string[]]>([
  ['src/a.ts', [`${WORKTREE}/src/a.ts`]],
  ['./src//a.ts', [`${WORKTREE}/src/a.ts`]],
  ['.', [WORKTREE]],
  ['..', ['/data/tenure/worktrees']],
  ['/', ['/']],
  ['//etc/../', ['/']],
  ['~', [HOME]],
  ['~/x', [`${HOME}/x`]],
  ['~other/x', ['/home/other/x']],
  ['file:///etc/x', ['/etc/x']],
  ['link/shadow', ['/etc/shadow']],
  ['/tmp/x', ['/private/tmp/x']],
  // As written it is `a/x`; as the kernel walks it, the parent of where the link leads.
  ['a/up/../x', [`${WORKTREE}/a/x`, '/data/tenure/x']],
  ['src/../../s2', ['/data/tenure/worktrees/s2']],
])('%s is %j', (path, places) => {
  expect(real(path)).toEqual(places);
});

test('the last link is followed to read and write, not to delete', () => {
  expect(real('file')).toEqual([`${HOME}/.zshrc`]);
  expect(real('file', false)).toEqual([`${WORKTREE}/file`]);
  expect(real('link/', false)).toEqual(['/etc']);
});

test('what is not known ends a path', () => {
  expect(spotsOf(`src/${ANY}.ts`, [WORKTREE], context)).toEqual([{ real: `${WORKTREE}/src`, open: true }]);
  expect(spotsOf('x', [ANY], context)).toEqual([{ real: '/', open: true }]);
  expect(spotsOf(`src/${BELOW}/${STAR}.ts`, [WORKTREE], context)).toEqual([
    { real: `${WORKTREE}/src/${BELOW}/${STAR}.ts`, open: false },
  ]);
});

test('a name that only starts like a directory is not in it', () => {
  expect(isWithin(`${WORKTREE}0/x`, WORKTREE, context)).toBe(false);
  expect(isWithin(WORKTREE, WORKTREE, context)).toBe(true);
  expect(isWithin('/x', '/', context)).toBe(true);
  expect(isWithin(`${WORKTREE.toUpperCase()}/x`, WORKTREE, context)).toBe(false);
  expect(isWithin(`${WORKTREE.toUpperCase()}/x`, WORKTREE, machine({ caseInsensitive: true }))).toBe(true);
});

test.each([
  [`${WORKTREE}/a`, 'tree'],
  ['/data/tenure/worktrees/s2/a', 'tenure'],
  ['/data/tenure', 'tenure'],
  [`${HOME}/app/a`, 'project'],
  [`${HOME}/a`, 'home'],
  [`${HOME}/.cargo/registry/a`, 'tools'],
  ['/private/tmp/a', 'temp'],
  ['/dev/sda', 'device'],
  ['/dev/null', 'system'],
  ['/usr/bin/a', 'system'],
  ['/', 'system'],
  ['/home/other', 'elsewhere'],
  ['/srv/x', 'elsewhere'],
])('%s is in %s', (path, location) => {
  expect(locate(path, context).location).toBe(location);
});

test('the deepest root wins, and Tenure where it is the same', () => {
  const own = machine({ worktree: '/opt/tenure', tenurePaths: ['/opt/tenure'] });
  expect(locate('/opt/tenure/src/a.ts', own).location).toBe('tenure');
  const outer = machine({ worktree: '/home', home: '/home/me', project: '/home' });
  expect(locate('/home/me/.zshrc', outer).location).toBe('home');
});

const codes = (path: string): string[] => {
  const { location, path: inside } = locate(real(path)[0] ?? '', context);
  return protectionsOf(location, inside).map(({ code }) => code);
};

test.each<[path: string, codes: string[]]>([
  ['src/a.ts', []],
  ['.env', ['credentials']],
  ['.ENV', ['credentials']],
  ['config/prod.env', ['credentials']],
  ['.env.example', []],
  ['src/config.env.ts', []],
  ['vite-env.d.ts', []],
  ['src/environment.ts', []],
  [`.e${STAR}`, ['credentials', 'opens_code']],
  [STAR, []],
  [`${STAR}.json`, []],
  [`${STAR}.env`, ['credentials']],
  ['~/.ssh/id_rsa', ['credentials', 'credentials']],
  ['~/.ssh/id_rsa.pub', []],
  [`~/.s${STAR}h/x`, ['credentials']],
  ['.git/hooks/x', ['git_internals', 'git_internals']],
  ['.git/index', ['git_internals']],
  ['.gitignore', []],
  ['.github/workflows/x.yml', ['ci']],
  ['.github/pull_request_template.md', []],
  ['package.json', ['package_scripts']],
  ['packages/a/package.json', ['package_scripts']],
  ['src/hooks/use-thing.ts', []],
  ['hooks/pre-push', ['git_hooks']],
  ['sub/.claude/commands/x.md', ['agent_settings']],
  ['~/.zshrc', ['startup']],
  ['dotfiles/.zshrc', []],
])('%s is protected as %j', (path, expected) => {
  expect(codes(path)).toEqual(expected);
});

test('a person sees short paths', () => {
  expect(shortPath(`${WORKTREE}/src/a.ts`, context)).toBe('src/a.ts');
  expect(shortPath(WORKTREE, context)).toBe('the work tree');
  expect(shortPath(`${HOME}/x`, context)).toBe('~/x');
  expect(shortPath(`/usr/${STAR}`, context)).toBe('/usr/*');
});
