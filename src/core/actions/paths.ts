import { posix } from 'node:path';
import { ANY, BELOW, isOpen, ONE, plain, STAR } from './atoms.ts';
import type { ActionContext } from './look.ts';
import { PROTECTIONS, type Protection, SENSITIVE_NAMES } from './places.ts';

/** Where a path lies. `root` names the directory that holds it. */
export type Location = 'tree' | 'project' | 'tenure' | 'home' | 'temp' | 'tools' | 'system' | 'device' | 'elsewhere';

/** One place that a word could mean. */
export interface Spot {
  /** Absolute, symlinks followed as far as they exist. May hold atoms but never `ANY`. */
  real: string;
  /** What comes after is not known. */
  open: boolean;
}

/** No path that means anything is longer or deeper. */
const [LONGEST, DEEPEST] = [4_096, 100];

const lower = (path: string, context: ActionContext): string => (context.caseInsensitive ? path.toLowerCase() : path);

/** Is `path` the directory itself or anything below it? Both absolute and normal. */
export function isWithin(path: string, directory: string, context: ActionContext): boolean {
  const [a, b] = [lower(path, context), lower(directory, context)];
  return a === b || b === '/' || a.startsWith(b.endsWith('/') ? b : `${b}/`);
}

function expandHome(value: string, context: ActionContext): string {
  if (!value.startsWith('~')) return value;
  const slash = value.indexOf('/');
  const user = slash < 0 ? value.slice(1) : value.slice(1, slash);
  const rest = slash < 0 ? '' : value.slice(slash);
  if (user === '') return context.home + rest;
  return posix.join(posix.dirname(context.home), user) + rest;
}

/** `..` after a symlink leaves the symlink's target, not the path as written: both are followed. */
function physical(path: string, resolve: (path: string) => string): string {
  let at = '/';
  for (const part of path.split('/')) {
    if (part === '..') at = posix.dirname(resolve(at));
    else if (part !== '' && part !== '.') at = posix.join(at, part);
  }
  return at;
}

function follow(path: string, resolve: (path: string) => string, last: boolean): string {
  const parts = path.split('/');
  const glob = parts.findIndex((part) => part.includes(STAR) || part.includes(ONE) || part.includes(BELOW));
  if (glob >= 0) return posix.join(resolve(parts.slice(0, glob).join('/') || '/'), ...parts.slice(glob));
  if (last || path === '/') return resolve(path);
  return posix.join(resolve(posix.dirname(path)), posix.basename(path));
}

/**
 * Every place that a word could mean, seen from each directory it may be in.
 * @param last false: the last part is not followed when it is a symlink (what `rm` and `mv` do).
 */
export function spotsOf(value: string, cwds: readonly string[], context: ActionContext, last = true): Spot[] {
  const given = expandHome(value.replace(/^file:\/\/(?:localhost)?/iu, ''), context);
  const spots = new Map<string, Spot>();
  for (const cwd of given.startsWith('/') ? ['/'] : cwds) {
    const whole = given.startsWith('/') ? given : `${cwd}/${given}`;
    const open = isOpen(whole) || whole.length > LONGEST || whole.split('/').length > DEEPEST;
    const path = open ? whole.slice(0, whole.lastIndexOf('/', Math.max(whole.indexOf(ANY), 0)) + 1) : whole;
    const onlyBelow = last || /\/\.*$/u.test(path);
    const normal = posix.normalize(`/${path}`).replace(/(?<=.)\/$/u, '');
    const ways = path.includes('/..') ? [normal, physical(path, context.resolve)] : [normal];
    for (const way of ways) {
      const real = follow(way, context.resolve, onlyBelow);
      spots.set(`${real} ${open}`, { real, open });
    }
  }
  return [...spots.values()];
}

const TOOLS =
  /^\/(?:\.nvm|\.volta|\.fnm|\.asdf|\.pyenv|\.rbenv|\.rustup|\.cargo\/(?:registry|git|bin)|go\/pkg|\.m2\/repository|\.gradle\/caches|\.npm\/_logs|\.cache|\.local\/(?:lib|share\/(?:mise|pnpm|uv))|\.bun|\.deno|library\/(?:caches|pnpm)|\.claude\/(?:plans|projects\/[^/]+\/memory))(?:\/|$)/u;
const TEMP = /^(?:\/private)?(?:\/tmp|\/var\/tmp|\/var\/folders)(?:\/|$)/u;
const DEVICE = /^\/dev\/(?!null$|zero$|u?random$|tty$|std(?:in|out|err)$|fd\/|full$|ptmx$)/u;
const SYSTEM =
  /^\/$|^(?:\/private)?\/(?:bin|sbin|usr|lib(?:32|64)?|opt|etc|var|boot|proc|sys|dev|run|nix|snap|system|library|applications|homebrew)(?:\/|$)/u;

/** Which root holds the path. The deepest wins: the work tree may lie in Tenure's own data directory. */
export function locate(real: string, context: ActionContext): { location: Location; path: string } {
  const roots: [Location, string][] = [
    ...context.tenurePaths.map((path): [Location, string] => ['tenure', path]),
    ['tree', context.worktree],
    ['project', context.project],
    ['home', context.home],
  ];
  let best: [Location, string] | null = null;
  for (const root of roots) {
    if (root[1].length > (best?.[1].length ?? 0) && isWithin(real, root[1], context)) best = root;
  }
  const path = best ? real.slice(best[1].length) || '/' : real;
  const folded = path.normalize('NFKC').toLowerCase();
  if (best?.[0] === 'home') return { location: TOOLS.test(folded) ? 'tools' : 'home', path: folded };
  if (best) return { location: best[0], path: folded };
  if (DEVICE.test(folded)) return { location: 'device', path: folded };
  if (TEMP.test(folded)) return { location: 'temp', path: folded };
  return { location: SYSTEM.test(folded) ? 'system' : 'elsewhere', path: folded };
}

const GLOB = new RegExp(`[${STAR}${ONE}]`, 'u');

/** Does the name fit the glob? Linear in both, so that no pattern can stall it. */
function fits(name: string, glob: string): boolean {
  let [at, from, star, mark] = [0, 0, -1, 0];
  while (at < name.length) {
    if (glob[from] === STAR) [star, mark, from] = [from, at, from + 1];
    else if (glob[from] === ONE || glob[from] === name[at]) [at, from] = [at + 1, from + 1];
    else if (star < 0) return false;
    else [mark, at, from] = [mark + 1, mark + 1, star + 1];
  }
  while (glob[from] === STAR) from += 1;
  return from === glob.length;
}

function matching(part: string): string[] {
  if (!GLOB.test(part)) return [part];
  const hidden = part.startsWith('.');
  return [part, ...SENSITIVE_NAMES.filter((name) => name.startsWith('.') === hidden && fits(name, part))];
}

/** `*`, `*.json`: globs that aim at nothing in particular. */
const ORDINARY = new RegExp(`^[${BELOW}${STAR}${ONE}]+(?:\\.(?!env|pem|key|p12|pfx|p8)[a-z${STAR}${ONE}]+)?$`, 'u');

/** The path with its globs replaced by every protected name that they could match. At most 64. */
function couldBe(path: string, location: Location): string[] {
  if (!GLOB.test(path)) return [path];
  // `src/*` names no protected place: inside the project only a glob with letters of its own aims at one.
  const aims = (part: string): boolean => !/^(?:tree|project)$/u.test(location) || !ORDINARY.test(part);
  let found = [''];
  for (const part of path.split('/').slice(1)) {
    const names = aims(part) ? matching(part) : [part];
    found = found.flatMap((head) => names.map((name) => `${head}/${name}`)).slice(0, 64);
  }
  return found;
}

/** Every protection that holds for a located path. */
export function protectionsOf(location: Location, path: string): Protection[] {
  const paths = couldBe(path, location);
  return PROTECTIONS.filter(
    ({ scope, pattern }) =>
      (scope === 'any' ||
        (scope === 'tree' ? location === 'tree' : scope === 'home' ? location === 'home' : location !== 'tree')) &&
      paths.some((candidate) => pattern.test(candidate)),
  );
}

/** For a person: from the work tree, or with `~` for the home. */
export function shortPath(real: string, context: ActionContext): string {
  if (real === context.worktree) return 'the work tree';
  if (isWithin(real, context.worktree, context)) return plain(real.slice(context.worktree.length + 1));
  if (isWithin(real, context.home, context)) return plain(`~${real.slice(context.home.length)}`);
  return plain(real);
}
