import type { Form, Mention, Pattern } from '../../shared/contract/standing.ts';

const below = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Does a pattern speak about that action? */
export function matches(pattern: Pattern, form: Form): boolean {
  switch (pattern.kind) {
    case 'command':
      return (
        form.kind === 'command' &&
        form.program === pattern.program &&
        (pattern.rest ? form.args.length >= pattern.args.length : form.args.length === pattern.args.length) &&
        pattern.args.every((arg, at) => form.args[at] === arg)
      );
    case 'file':
      if (form.kind !== 'file' || form.tool !== pattern.tool) return false;
      return pattern.path.endsWith('/**') ? below(form.path, pattern.path.slice(0, -3)) : form.path === pattern.path;
    case 'web':
      return form.kind === 'web' && form.host === pattern.host;
    case 'tool':
      return form.kind === 'tool' && form.tool === pattern.tool;
  }
}

const WRITERS: ReadonlySet<string> = new Set(['Edit', 'MultiEdit', 'Write', 'NotebookEdit']);
const isOption = (arg: string): boolean => arg.startsWith('-');

/**
 * Does a prohibition speak about that call? Wider than `matches`, for what is forbidden must not come
 * through in other clothes: it looks at every command of a line, past options and wrappers, takes a word
 * that is not written out for the forbidden one, and a file's prohibition holds for all tools that write.
 */
export function forbids(pattern: Pattern, form: Form, mentions: readonly Mention[]): boolean {
  if (matches(pattern, form)) return true;
  switch (pattern.kind) {
    case 'command': {
      const wanted = pattern.args.filter((arg) => !isOption(arg));
      const program = pattern.program.split('/').at(-1);
      return mentions.some(
        (one) =>
          one.program === program &&
          (pattern.rest || one.args.length <= wanted.length) &&
          wanted.every((arg, at) => one.args[at] === null || one.args[at] === arg),
      );
    }
    case 'file': {
      const folder = pattern.path.replace(/\/\*\*$/u, '');
      const isBelow = (path: string): boolean => below(path, folder);
      if (form.kind === 'file') return WRITERS.has(pattern.tool) && WRITERS.has(form.tool) && isBelow(form.path);
      return mentions.some(({ args }) => args.some((arg) => arg !== null && isBelow(arg)));
    }
    case 'web':
      return mentions.some(({ args }) => args.some((arg) => arg?.includes(pattern.host)));
    case 'tool':
      return false;
  }
}

/**
 * Under which rules of a pattern are looked up, so that ten thousand cost no more than twenty. Every form
 * that the pattern matches has this key among `keysOf`.
 */
export function keyOf(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'command':
      return ['command', pattern.program, ...pattern.args.slice(0, 2)].join('\0');
    case 'file':
      return `file\0${pattern.tool}`;
    case 'web':
      return `web\0${pattern.host}`;
    case 'tool':
      return `tool\0${pattern.tool}`;
  }
}

export function keysOf(form: Form): readonly string[] {
  switch (form.kind) {
    case 'command':
      return [0, 1, 2]
        .filter((n) => n <= form.args.length)
        .map((n) => ['command', form.program, ...form.args.slice(0, n)].join('\0'));
    case 'file':
      return [`file\0${form.tool}`];
    case 'web':
      return [`web\0${form.host}`];
    case 'tool':
      return [`tool\0${form.tool}`];
    case 'none':
      return [];
  }
}

/** The rules that can be made from an action, narrowest first. */
export function patternsFor(form: Form): Pattern[] {
  switch (form.kind) {
    case 'command': {
      const { program, args } = form;
      // A first word that is no option names what the program does: `git push`, `npm run`.
      const lead = args.slice(
        0,
        Math.max(
          args.findIndex((arg) => arg.startsWith('-')),
          0,
        ) || args.length,
      );
      const shorter = [lead, lead.slice(0, 1)].filter((some) => some.length > 0 && some.length < args.length);
      return [
        { kind: 'command', program, args, rest: false },
        ...shorter
          .filter((some, at) => at === 0 || some.length !== shorter[0]?.length)
          .map((some) => ({ kind: 'command' as const, program, args: some, rest: true })),
      ];
    }
    case 'file': {
      const folder = form.path.split('/').slice(0, -1).join('/');
      return [
        { kind: 'file', tool: form.tool, path: form.path },
        ...(folder === '' ? [] : [{ kind: 'file' as const, tool: form.tool, path: `${folder}/**` }]),
      ];
    }
    case 'web':
      return [{ kind: 'web', host: form.host }];
    case 'tool':
      return [{ kind: 'tool', tool: form.tool }];
    case 'none':
      return [];
  }
}

/**
 * Why there can be no such rule, in a sentence; null: there can.
 * @param runsAnything whether a command runs something that its words do not settle.
 */
export function refusalOf(
  pattern: Pattern,
  effect: 'allow' | 'deny',
  runsAnything: (program: string, args: readonly string[]) => boolean,
): string | null {
  if (pattern.kind === 'file' && /(?:^|\/)\.\.(?:\/|$)|^\//u.test(pattern.path))
    return `A rule is about files of the work tree; "${pattern.path}" leads out of it.`;
  if (effect === 'deny') return null;
  if (pattern.kind === 'command' && runsAnything(pattern.program, pattern.args))
    return `No rule can allow "${pattern.program}": it runs what it is given, so its name says nothing about what happens.`;
  if (pattern.kind === 'command' && pattern.rest && pattern.args.some(isOption))
    return 'A rule with whatever further arguments cannot begin with an option: the words after it say what happens.';
  if (pattern.kind === 'command' && pattern.rest && pattern.args.length === 0)
    return `A rule for "${pattern.program}" with whatever arguments says too little; name at least its first argument.`;
  if (pattern.kind === 'file' && pattern.path === '/**') return 'A rule for every file says too little; name a folder.';
  return null;
}
