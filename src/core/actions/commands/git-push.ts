import { isExact, plain } from '../atoms.ts';
import type { Look } from '../look.ts';
import { has, optionsNamed, parseOptions } from '../options.ts';

const LOST = { irreversible: true };

/** `git push`: what others see changes; with force or deletion, what they have is lost. */
export function judgePush(words: readonly string[], look: Look): void {
  const parsed = parseOptions(words, {
    short: 'o',
    long: ['--push-option', '--receive-pack', '--exec', '--repo', '--recurse-submodules', '--signed'],
  });
  const shown = plain(words.join(' ')).slice(0, 120);
  if (has(parsed, '--dry-run', '-n') && isExact(words.join(''))) {
    look.find('medium', 'git_push', 'Looks at what a push would do.');
    return;
  }
  look.find('high', 'git_push', shown === '' ? 'Pushes to others.' : `Pushes to others (${shown}).`);
  const [remote = '', ...refs] = parsed.operands;
  const forces =
    has(parsed, '-f', '--force', '--force-with-lease', '--force-if-includes') ||
    refs.some((ref) => ref.startsWith('+'));
  if (forces) look.find('critical', 'git_force_push', `Overwrites what others have (${shown}).`, LOST);
  if (has(parsed, '-d', '--delete', '--mirror', '--prune') || refs.some((ref) => ref.startsWith(':')))
    look.find('critical', 'git_delete_remote', `Deletes branches or tags of others (${shown}).`, LOST);
  if (/^(?:[a-z+]+:\/\/|\/|\.{1,2}\/|~|[^/]+@[^/]+:)/u.test(remote) || !isExact(remote))
    look.find('high', 'sends', `Pushes to a place that the project does not name (${plain(remote)}).`, LOST);
  if (refs.some((ref) => !isExact(ref)))
    look.find('critical', 'git_force_push', 'Pushes something that is only known when it runs.', LOST);
  for (const { value } of optionsNamed(parsed, '--receive-pack', '--exec'))
    look.find('critical', 'runs_option', `Runs ${plain(value ?? '')} as the other side.`);
  if (has(parsed, '--no-verify')) look.find('high', 'skips_hooks', "Skips the project's hooks.");
}
