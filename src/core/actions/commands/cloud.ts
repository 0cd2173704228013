import { plain } from '../atoms.ts';
import type { Judge, Look } from '../look.ts';
import { optionsNamed, parseOptions } from '../options.ts';
import { judgePlace, judgeToolWords } from './project-tools.ts';
import { judgeVerbs, type Verbs, verbsOf } from './verbs.ts';

const FORGE: Verbs = {
  code: 'forge',
  values: /^(?:-R|--repo|--hostname)$/u,
  read: /^(?:status|completion|alias list|extension list|config (?:get|list)|help)/u,
  medium:
    /^(?:(?:pr|mr) (?:view|list|ls|diff|checks|status|checkout|show)|issue (?:view|list|ls|status|show)|repo (?:view|list|clone)|run (?:view|list|watch|download)|ci (?:view|list|status|trace)|pipeline (?:list|status|view)|workflow (?:view|list)|release (?:view|list|download)|label list|search|gist (?:view|list)|api|cache list|ruleset (?:list|view|check)|auth status|org list|project (?:list|view)|milestone list|user)/u,
  high: /^(?:(?:pr|mr) |issue |run |workflow |ci |pipeline |label |project |cache |repo (?:create|fork|edit|sync|set-default)|extension|alias|config|codespace list|browse|co\b|preview|attestation|agent-task|milestone |snippet )/u,
  critical:
    /^(?:release (?:create|upload|edit|delete)|repo (?:delete|archive|rename|unarchive|deploy-key|transfer)|secret|variable|auth (?:login|logout|token|refresh|setup-git|switch)|ssh-key|gpg-key|gist (?:create|edit|delete|clone|rename)|codespace|token|deploy-key)/u,
  other: 'high',
};

const judgeForge: Judge = (command, look) => {
  const words = command.argv.slice(1);
  judgeVerbs(FORGE)(command, look);
  const graves = FORGE.critical?.test(verbsOf(words, FORGE.values).join(' '));
  if (/^(?:auth|secret|ssh-key|gpg-key|token)$/u.test(words[0] ?? '') && graves)
    look.find('critical', 'credentials', 'Shows or changes stored credentials.');
  if (verbsOf(words, FORGE.values)[0] === 'api') judgeApi(words.slice(words.indexOf('api') + 1), look);
  const parsed = parseOptions(words, {
    short: 'FbtBHRarlmpf',
    long: ['--body-file', '--input', '--notes-file', '--title', '--body'],
  });
  for (const { value } of optionsNamed(parsed, '--body-file', '--input', '--notes-file'))
    if (value && value !== '-') look.read(value, command);
  for (const word of words) if (/^[\w[\]-]*=@./u.test(word)) look.read(word.slice(word.indexOf('@') + 1), command);
  return { kind: 'unknown', from: 'network' };
};

/** `gh api`: a GET unless a method or a field says otherwise. */
function judgeApi(words: readonly string[], look: Look): void {
  const parsed = parseOptions(words, {
    short: 'XfFHqt',
    long: ['--method', '--field', '--raw-field', '--input', '--header', '--jq', '--template', '--cache', '--hostname'],
  });
  const method = optionsNamed(parsed, '-X', '--method')[0]?.value;
  const fields = optionsNamed(parsed, '-f', '-F', '--field', '--raw-field', '--input');
  const query =
    parsed.operands[0] === 'graphql' &&
    fields.length > 0 &&
    fields.every(({ value }) => !/^query=\s*(?:mutation|subscription)|=@/u.test(value ?? ''));
  const sends = method ? !/^GET$/iu.test(method) : fields.length > 0 && !query;
  if (sends)
    look.find(
      /^DELETE$/iu.test(method ?? '') ? 'critical' : 'high',
      'sends',
      `Changes something on the forge (${plain(words.join(' ')).slice(0, 120)}).`,
      { irreversible: true },
    );
  if (/\/(?:secrets|keys|tokens|hooks)(?:\/|$)/u.test(parsed.operands[0] ?? ''))
    look.find('critical', 'credentials', 'Reaches secrets or keys on the forge.');
}

const DEPLOYS = 'deploys';
const cloud = (values?: RegExp): Verbs => ({
  code: DEPLOYS,
  ...(values ? { values } : {}),
  read: /^(?:--version|version|help|completion)$/u,
  high: /(?:^|[ :-])(?:list|ls|describe\S*|get\S*|show|info|status|whoami|logs?|tail|diff|plan|preview|dev|doctor|inspect|head-\S+|build|synth|validate\S*|lint|init|link|env (?:ls|pull))(?:[ :]|$)/u,
  critical:
    /secret|password|token|credential|key|deploy|delete|destroy|remove|rm\b|apply|create|update|put|publish|promote|rollback|env (?:add|rm|set)|config:set|auth|login|logout|sso|iam|sts (?!get-caller)/u,
  other: 'critical',
});

const KUBE: Verbs = {
  code: DEPLOYS,
  values: /^(?:-n|--namespace|--context|--kubeconfig|--cluster|-l|--selector|-o|--output|-f|-c)$/u,
  read: /^(?:version|explain|api-resources|api-versions|config (?:view|get-contexts|current-context)|completion|template|lint|show|search|repo list|list|status|history|env|plugin list)/u,
  medium:
    /^(?:get|describe|logs|top|cluster-info|diff|auth can-i|rollout (?:status|history)|wait|events|dependency|repo (?:add|update)|pull)/u,
  critical:
    /\bsecrets?\b|^(?:config (?:set|use|view .*--raw)|apply|create|delete|replace|patch|edit|scale|rollout (?:restart|undo|pause|resume)|drain|cordon|uncordon|taint|exec|cp|port-forward|proxy|run|expose|label|annotate|set|attach|debug|install|upgrade|uninstall|rollback|push)/u,
  other: 'critical',
};

const TERRAFORM: Verbs = {
  code: DEPLOYS,
  read: /^(?:version|fmt -check|graph|providers$)/u,
  low: /^(?:fmt|validate)/u,
  medium: /^(?:init|get|plan|workspace (?:list|show)|stack ls|preview|test)/u,
  high: /^(?:show|output|state (?:list|show|pull)|console|workspace|refresh|login|logs|config)/u,
  critical:
    /^(?:apply|destroy|import|state (?:rm|mv|push|replace-provider)|taint|untaint|force-unlock|up|rm|cancel|stack (?:rm|init))/u,
  other: 'critical',
};

const judgeCloud = judgeVerbs(cloud(/^(?:--profile|--region|--project|--org|-a|--app|--scope|--token|-t|--cwd)$/u));

/** Of some clouds a part runs on this machine alone: emulators, templates, builds. */
const LOCAL: Readonly<Record<string, RegExp>> = {
  wrangler: /^(?:types|dev|pages dev)(?: |$)/u,
  firebase: /^emulators:start(?: |$)/u,
  supabase: /^(?:start|stop|status|gen types|functions serve|migration (?:new|list)|db (?:diff|lint))(?: |$)/u,
  serverless: /^(?:offline|package|print|invoke local)(?: |$)/u,
  sls: /^(?:offline|package|print|invoke local)(?: |$)/u,
  sam: /^(?:build|validate|local (?:invoke|start-api|start-lambda|generate-event))(?: |$)/u,
  cdk: /^(?:synth|synthesize|ls|list|diff|doctor|notices)(?: |$)/u,
};

const judgeLocal =
  (own: RegExp): Judge =>
  (command, look) => {
    const words = command.argv.slice(1);
    const away = words.some((word) => /^--(?:remote|linked|db-url|project-ref)/u.test(word));
    if (away || !own.test(verbsOf(words).join(' '))) return judgeCloud(command, look);
    look.find('medium', 'project_check', `Runs a part of ${command.argv[0] ?? ''} on this machine.`);
    judgePlace(command.argv[0] ?? '', command, look);
    judgeToolWords(words, command, look);
    return undefined;
  };

// biome-ignore format: names
const CLOUDS = [
  'aws', 'gcloud', 'gsutil', 'az', 'doctl', 'fly', 'flyctl', 'vercel', 'vc', 'netlify', 'ntl', 'heroku', 'wrangler', 'firebase', 'railway', 'render', 'supabase',
  'eas', 'sst', 'serverless', 'sls', 'cdk', 'amplify', 'ansible', 'ansible-playbook', 'cap', 'kamal', 'dokku', 'eb', 'sam', 'copilot-cli', 'surge', 'gh-pages', 'semantic-release', 'release-it',
  'np', 'vsce', 'ovsx', 'goreleaser', 'fastlane', 'turso', 'planetscale', 'pscale', 'neonctl', 'upstash', 'stripe', 'paypal', 'twine', 'changeset-publish', 'shopify', 'convex', 'deployctl', 'nomad', 'consul', 'packer', 'linode-cli', 'hcloud', 'oci', 'ibmcloud', 'databricks', 'snowsql', 'modal', 'replicate', 'huggingface-cli', 'hf', 'altool', 'notarytool',
];

/** Tools that only Xcode brings: they check, work with simulators, or upload. */
const XCODE: Verbs = {
  code: 'project_check',
  read: /^simctl (?:list|help|getenv|get_app_container|listapps|appinfo)/u,
  low: /^(?:simctl|xctest|llvm-\S+|metal\S*|swift-format|xcresulttool|xccov|xctrace|actool|ibtool|momc|dwarfdump|dsymutil|atos)(?: |$)/u,
  medium: /^(?:simctl (?:openurl|install|launch|create|clone)|agvtool)/u,
  high: /^simctl (?:erase|delete|keychain|privacy|push|addmedia|spawn|shutdown all)/u,
  critical: /^(?:altool|notarytool|stapler)/u,
  other: 'high',
};
const OF_XCODE =
  /^(?:simctl|xctest|llvm-\S+|metal\S*|swift-format|xcresulttool|xccov|xctrace|actool|ibtool|momc|dwarfdump|dsymutil|atos|agvtool|altool|notarytool|stapler)$/u;

/** `xcrun tool …` runs any tool of the developer folder: git, python3 and make are among them. */
const judgeXcrun: Judge = (command, look) => {
  const parsed = parseOptions(command.argv.slice(1), {
    oneDash: true,
    long: ['-sdk', '--sdk', '-toolchain', '--toolchain', '-f', '--find', '-find'],
    stops: true,
  });
  const [tool = ''] = parsed.operands;
  if (tool === '') {
    look.find('read', 'version', 'Shows where a tool of Xcode is.');
    return undefined;
  }
  return OF_XCODE.test(tool)
    ? judgeVerbs(XCODE)({ ...command, argv: ['xcrun', ...parsed.operands] }, look)
    : look.run(parsed.operands, command);
};

export const cloudJudges: readonly (readonly [string, Judge])[] = [
  ...['gh', 'glab', 'hub', 'tea'].map((name) => [name, judgeForge] as const),
  ...[
    'kubectl',
    'k',
    'oc',
    'helm',
    'k9s',
    'argocd',
    'flux',
    'istioctl',
    'kustomize',
    'skaffold',
    'minikube',
    'kind',
  ].map((name) => [name, judgeVerbs(KUBE)] as const),
  ...['terraform', 'tofu', 'pulumi', 'terragrunt'].map((name) => [name, judgeVerbs(TERRAFORM)] as const),
  ...CLOUDS.map((name) => [name, judgeCloud] as const),
  ...Object.entries(LOCAL).map(([name, own]) => [name, judgeLocal(own)] as const),
  ['kustomize', judgeVerbs({ ...KUBE, medium: /^(?:build|cfg)(?: |$)/u })],
  ['xcrun', judgeXcrun],
];
