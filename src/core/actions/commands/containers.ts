import { plain } from '../atoms.ts';
import { type Command, inDirectory, type Judge, type Look } from '../look.ts';
import { optionsNamed, type Parsed, parseOptions } from '../options.ts';
import { riskOfVerbs, type Verbs, verbsOf } from './verbs.ts';

const VALUES =
  /^(?:-H|--host|-c|--context|--config|-f|--file|-t|--tag|--build-arg|--target|--platform|-p|--project-name|--profile|--env-file|--project-directory|-l|--log-level)$/u;

const DOCKER: Verbs = {
  code: 'containers',
  values: VALUES,
  read: /^(?:ps|images|logs|version|info|stats|top|port|diff|history|context (?:ls|show)|compose (?:ps|logs|config|ls|top|images|version|port)|(?:container|image|volume|network|system) (?:ls|list|df|info|events|logs|top)|buildx (?:ls|inspect|du)|events|search|inspect|(?:container|image|volume|network) inspect)/u,
  medium:
    /^(?:build|buildx|pull|compose (?:up|down|start|stop|restart|build|pull|create|watch|run|wait)|run|create|start|image (?:pull|build)|network create|volume create|tag|compose$|wait|attach)/u,
  high: /^(?:exec|compose (?:exec|rm|kill|cp)|rm|rmi|stop|kill|restart|cp|container|image|network|commit|export|save|load|import|update|pause|unpause|rename|context|compose push|machine|desktop|builder|scout|plugin|manifest)/u,
  critical:
    /^(?:push|login|logout|image push|compose push|volume (?:rm|prune)|system prune|swarm|stack|service|secret|trust|node|config)/u,
  other: 'high',
};

const RUN = {
  short: 'veupwhlmc',
  long: [
    '--volume',
    '--mount',
    '--env',
    '--env-file',
    '--user',
    '--publish',
    '--workdir',
    '--name',
    '--network',
    '--net',
    '--pid',
    '--entrypoint',
    '--device',
    '--cap-add',
    '--security-opt',
    '--hostname',
    '--label',
    '--platform',
    '--memory',
    '--cpus',
    '--add-host',
    '--userns',
    '--ipc',
    '--uts',
    '--volumes-from',
    '--restart',
    '--log-driver',
    '--shm-size',
    '--gpus',
    '--tmpfs',
    '--ulimit',
    '--cgroupns',
    '--runtime',
  ],
  stops: true,
};

/** A container that reaches out of itself has the rights of an administrator on this machine. */
function judgeReach(parsed: Parsed, command: Command, look: Look): void {
  for (const { name, value } of parsed.options) {
    const open =
      name === '--privileged' ||
      /^--(?:device|cap-add|security-opt|userns|volumes-from|cgroupns|runtime)$/u.test(name) ||
      (/^--(?:pid|ipc|uts|network|net)$/u.test(name) && /^(?:host|container:)/u.test(value ?? ''));
    if (open) look.find('critical', 'privileges', `Lets a container out of its box (${name} ${plain(value ?? '')}).`);
    if (name === '--env-file')
      look.find('high', 'uses_credentials', `Gives a container what is in ${plain(value ?? '')}.`);
    if (name !== '-v' && name !== '--volume' && name !== '--mount') continue;
    const source = name === '--mount' ? /(?:source|src)=([^,]*)/u.exec(value ?? '')?.[1] : (value ?? '').split(':')[0];
    if (source === undefined || !/^[/.~\uE000]/u.test(source)) continue;
    look.read(source, command, { recursive: true });
    if (!/:[^:]*\bro\b|readonly/u.test(value ?? '')) look.write(source, command);
    if (/^\/?$|docker\.sock|^\/(?:etc|root|var|usr|home|Users)\/?$/u.test(source))
      look.find('critical', 'privileges', `Gives a container ${plain(source)} of this machine.`);
  }
}

/** What says how to build or what to start: from the network or outside the work tree it is somebody else's. */
function judgeRecipe(file: string, command: Command, look: Look): void {
  if (/^(?:[a-z+]+:\/\/|git@|github\.com\/)/iu.test(file))
    look.find('high', 'foreign_program', `Builds or runs what ${plain(file).slice(0, 120)} says.`, {
      irreversible: true,
    });
  else if (file !== '-') {
    look.read(file, command);
    if (/^[/~]|(?:^|\/)\.\.(?:\/|$)/u.test(file) && !look.inTree(inDirectory(command, file)))
      look.find('high', 'uses_outside', `Uses ${plain(file)}, outside the work tree.`);
  }
}

function judgeBuild(words: readonly string[], places: readonly string[], command: Command, look: Look): void {
  for (const place of places) {
    if (/^(?:[a-z+]+:\/\/|git@|github\.com\/)/iu.test(place)) judgeRecipe(place, command, look);
    else look.read(place, command, { recursive: true });
  }
  if (words.some((word) => /^--(?:ssh|secret)(?:=|$)/u.test(word)))
    look.find('high', 'uses_credentials', 'Gives a build the use of credentials.');
}

const judgeDocker: Judge = (command, look) => {
  const composes = (command.argv[0] ?? '').endsWith('compose');
  const words = composes ? ['compose', ...command.argv.slice(1)] : command.argv.slice(1);
  const verbs = verbsOf(words, VALUES);
  const removesData =
    /^compose (?:down|rm)/u.test(verbs.join(' ')) &&
    words.some((word) => /^(?:-v|--volumes|-[a-z]*v[a-z]*)$/u.test(word));
  const risk = removesData ? 'high' : riskOfVerbs(words, DOCKER);
  const lost = removesData || (risk !== 'medium' && /\b(?:rm|rmi|prune|push)\b/u.test(verbs.join(' ')));
  look.find(
    risk,
    'containers',
    `Works with containers (${plain(command.argv.join(' ')).slice(0, 120)}).`,
    lost ? { irreversible: true } : {},
  );
  for (const { value } of optionsNamed(
    parseOptions(words, { short: 'H', long: ['--host', '--context'] }),
    '-H',
    '--host',
    '--context',
  )) {
    if (value) look.find('high', 'leads_elsewhere', `Works on another machine's containers (${plain(value)}).`);
  }
  if (words.includes('--push'))
    look.find('critical', 'publishes', 'Publishes the image that it builds.', { irreversible: true });
  if (/^(?:build|buildx build|image build)\b/u.test(verbs.join(' ')))
    judgeBuild(words, verbs.slice(verbs.indexOf('build') + 1), command, look);
  for (const { value } of optionsNamed(parseOptions(words, { short: 'f', long: ['--file'] }), '-f', '--file'))
    if (value && /compose|build|bake/u.test(verbs.join(' '))) judgeRecipe(value, command, look);
  const at = words.findIndex((word) => /^(?:run|create|exec)$/u.test(word));
  if (at < 0) return undefined;
  const parsed = parseOptions(words.slice(at + 1), RUN);
  judgeReach(parsed, command, look);
  return undefined;
};

export const containerJudges: readonly (readonly [string, Judge])[] = [
  'docker',
  'docker-compose',
  'podman',
  'podman-compose',
  'nerdctl',
  'finch',
  'container',
  'orb',
  'lima',
  'limactl',
  'colima',
].map((name) => [name, judgeDocker] as const);
