/** What a key of the configuration is called on screen, and what a person has to know to set it. */
export interface KeyWords {
  label: string;
  hint?: string;
  /** What it takes, where the schema cannot say it. */
  expects?: string;
  /** What null means. */
  empty?: string;
  secret?: boolean;
  restart?: boolean;
  /** What a group begins with when it is switched on. */
  sample?: unknown;
}

/** The groups, in the words of the screens. */
export const GROUP_WORDS: Readonly<Record<string, string>> = {
  gateway: 'Gateway',
  sessions: 'Sessions',
  decisions: 'Decisions',
  trust: 'Trust',
  revenue: 'Revenue',
  timezone: 'Time',
  claude: 'Claude Code',
  models: 'Models',
  services: 'Services',
  usage: 'Usage and budgets',
  tribunal: 'Tribunal',
  judge: 'Judge',
  worktrees: 'Work trees',
  system: 'The machine',
  journal: 'Journal',
  log: 'Log',
  launch: 'Launch',
  shell: 'The app',
  notifications: 'Notifications',
};

const ZONE = 'an IANA time zone such as Europe/Berlin, or null';
const THRESHOLD = 'Told once when it lies above for so long; over again below the second figure.';

const WORDS: Readonly<Record<string, KeyWords>> = {
  'gateway.port': {
    label: 'Port',
    hint: 'Of the screens and of hooks, on this machine only. 0: any free one.',
    restart: true,
  },
  'sessions.concurrency': { label: 'Sessions at once', hint: 'What is more waits in a queue.' },
  'sessions.timeBoxMs': {
    label: 'Time box',
    hint: 'After which a session is ended. A project or a launch may set its own.',
  },
  'sessions.startupMs': { label: 'Time to start', hint: 'Within which an agent has to say its first word.' },
  'sessions.stallMs': { label: 'Silence that ends a session', hint: 'While no tool runs.' },
  'sessions.toolStallMs': { label: 'Silence of a tool that ends a session' },
  'sessions.graceMs': { label: 'Grace after a stop', hint: 'To finish in peace, before it is told to end.' },
  'sessions.killMs': { label: 'Time to end', hint: 'After which what is left is killed.' },
  'sessions.verifyTimeoutMs': { label: 'Time for the verify command' },
  'sessions.stallWarnMs': { label: 'Silence that is shown', hint: 'A session that is silent for so long needs you.' },
  'sessions.toolStallWarnMs': { label: 'Silence of a tool that is shown' },
  'sessions.onStall': {
    label: 'At the end of the silence',
    hint: 'end: the session is ended. show: it is only shown.',
  },
  'sessions.memoryMb': { label: 'Free memory for one more, MB', hint: '0: not looked at.' },
  'sessions.retry.crashes': { label: 'Retries after a crash' },
  'sessions.retry.transient': { label: 'Retries of a passing failure' },
  'sessions.retry.quota': { label: 'Retries at a quota' },
  'sessions.retry.transientMs': { label: 'First wait after a passing failure', hint: 'Doubles each time.' },
  'sessions.retry.transientMaxMs': { label: 'Longest wait after a passing failure' },
  'sessions.retry.quotaMs': { label: 'First wait at a quota', hint: 'Where the agent names no time.' },
  'sessions.retry.quotaMaxMs': { label: 'Longest wait at a quota' },
  'sessions.retry.jitterMs': { label: 'Spread of the waits' },
  'sessions.runaway.repeats': {
    label: 'Same call again and again',
    hint: 'So often pauses the session and asks. 0: not looked at.',
  },
  'sessions.runaway.dollarsPerMinute': {
    label: 'Dollars a minute',
    hint: 'At list price, over the window. 0: not looked at.',
  },
  'sessions.runaway.tokensPerMinute': { label: 'Tokens a minute', hint: '0: not looked at.' },
  'sessions.runaway.windowMs': { label: 'Window of the rates' },
  'sessions.runaway.noProgressMs': {
    label: 'Without any change',
    hint: 'So long pauses the session and asks. 0: not looked at.',
  },
  'sessions.runaway.noProgressTokens': { label: 'Tokens without any change', hint: '0: not looked at.' },
  'decisions.holdMs': {
    label: 'How long an agent waits for your answer',
    hint: 'Then the session is parked and goes on with the answer.',
  },
  'decisions.deadlineMs': { label: 'One deadline for all', empty: 'by urgency' },
  'decisions.timeouts.immediateMs': { label: 'Deadline, immediate' },
  'decisions.timeouts.highMs': { label: 'Deadline, high' },
  'decisions.timeouts.normalMs': { label: 'Deadline, normal' },
  'decisions.timeouts.lowMs': { label: 'Deadline, low' },
  'decisions.escalations': { label: 'Times asked louder', hint: 'Before a question counts as denied.' },
  'decisions.paths.immediate.begins': {
    label: 'Immediate questions begin with',
    hint: 'The ladder: badge, notification, repeated with a sound, other (the further channel). Each time that nobody answers is one rung up.',
  },
  'decisions.paths.immediate.louder': { label: 'Immediate: asked louder before it counts as denied' },
  'decisions.paths.high.begins': { label: 'High questions begin with' },
  'decisions.paths.high.louder': { label: 'High: asked louder before it counts as denied' },
  'decisions.paths.normal.begins': { label: 'Normal questions begin with' },
  'decisions.paths.normal.louder': { label: 'Normal: asked louder before it counts as denied' },
  'decisions.paths.low.begins': { label: 'Low questions begin with' },
  'decisions.paths.low.louder': { label: 'Low: asked louder before it counts as denied' },
  'decisions.risks': {
    label: 'Risk classes',
    hint: 'A reason by its code and how grave it counts, such as {"network": "high"}. Everything may count as more; only ordinary medium work may count as low.',
    expects: 'codes of reasons, each with read, low, medium, high or critical',
  },
  'decisions.quietHours': {
    label: 'Quiet hours',
    hint: 'What can wait asks quietly, and its time runs from their end.',
    empty: 'none',
    sample: { from: '22:00', to: '07:00' },
  },
  'decisions.quietHours.from': { label: 'From', expects: 'a time of day such as 22:30' },
  'decisions.quietHours.to': { label: 'To', expects: 'a time of day such as 07:00' },
  'decisions.auto.minScore': { label: 'Score of an eligible agent', hint: 'Of 0 to 1,000; 800 is CERTIFIED.' },
  'decisions.auto.perHour': { label: 'Unasked actions an hour' },
  'decisions.auto.failureWindowMs': { label: 'No failure of the kind for' },
  'decisions.failures.rate': {
    label: 'Share of failures that asks',
    hint: 'When so many fail, nothing above low goes ahead unasked.',
  },
  'decisions.failures.windowMs': { label: 'Window of that share' },
  'decisions.failures.min': { label: 'Fewest actions that say something' },
  'decisions.sessionActions': {
    label: 'Most actions of a session',
    hint: 'Then each further one asks.',
    empty: 'no limit',
  },
  'trust.enabled': { label: 'Measure trust and propose promotions' },
  'trust.promotionCheckCron': {
    label: 'When a promotion is looked for',
    expects: 'a cron expression such as 0 10 * * *',
  },
  'trust.promotionExpiresMs': { label: 'A proposed promotion lives for' },
  'revenue.weekly': {
    label: "When the week's figures are told",
    empty: 'never',
    expects: 'a cron expression such as 0 7 * * 0',
  },
  'sessions.context.machine': { label: 'Tell a session how the machine is' },
  'sessions.context.services': { label: 'Tell a session how its services are' },
  'sessions.context.revenue': { label: 'Tell a session what its project earns' },
  'revenue.secrets': { label: 'Secrets of sources', hint: 'Named by config:<name> in a source.', secret: true },
  timezone: {
    label: 'Time zone',
    hint: 'Of schedules and of the daily check.',
    empty: "this machine's own",
    expects: ZONE,
  },
  'claude.command': { label: 'Path of claude', empty: 'the one on the PATH of your shell' },
  'claude.env': { label: 'Environment', hint: 'Given to the agent as it is.', secret: true },
  'claude.passEnv': { label: 'Passed on', hint: "Names that the agent gets from Tenure's own environment." },
  models: { label: 'Model of a role', hint: 'session, judge, validator, brain; where nothing else is chosen.' },
  'services.concurrency': { label: 'Checks at once' },
  'services.reference': {
    label: 'Stands for being online',
    empty: "this machine's own interfaces",
    expects: 'host:port, or null',
  },
  'services.together': { label: 'Failures that are one event' },
  'services.togetherMs': { label: 'Within' },
  'services.settleMs': { label: 'Wait before a restart', hint: 'For others that fail to show.' },
  'services.restartsPerHour': { label: 'Restarts an hour', hint: "Tenure's own, for each service and in all." },
  'services.backoffMs': { label: 'Wait after a restart that did not help', hint: 'Doubles each time.' },
  'services.reminderMs': { label: 'First reminder', hint: 'Each further wait is twice as long.' },
  'services.statusPage.enabled': { label: 'Status page', hint: 'For everybody who reaches this machine, at /status.' },
  'services.statusPage.names': { label: 'Names on the status page' },
  'services.watch': {
    label: 'Services that are set up here',
    hint: 'Easier on the screen of the services.',
    expects: 'a list of services',
  },
  'usage.warnShare': { label: 'Warn at this share of a budget' },
  'tribunal.models': {
    label: 'Models that vote',
    hint: 'Two are best, and neither the one that works. None: a person is asked.',
  },
  'tribunal.timeoutMs': { label: 'Time for a vote' },
  'tribunal.maxCostUsd': { label: 'Most dollars for a vote' },
  'tribunal.minConfidence': { label: 'Least confidence' },
  'judge.enabled': { label: 'Judge the work of Claude Code' },
  'judge.waitMs': { label: 'Longest wait for the judge' },
  'judge.timeoutMs': { label: 'Time for a judgement' },
  'judge.maxCostUsd': { label: 'Most dollars for a session' },
  'worktrees.editor': {
    label: 'Editor',
    hint: 'A program and its arguments; {path} stands for the tree.',
    empty: 'the first of the usual ones',
  },
  'worktrees.terminal': { label: 'Terminal', empty: 'the first of the usual ones' },
  'system.visibleMs': { label: 'Look at the machine, while shown' },
  'system.hiddenMs': { label: 'Look at the machine, while hidden' },
  'system.thresholds.cpu': { label: 'Processor is strained', hint: THRESHOLD, empty: 'not told' },
  'system.thresholds.memory': { label: 'Memory is short', hint: THRESHOLD, empty: 'not told' },
  'system.thresholds.disk': { label: 'The disk is full', hint: THRESHOLD, empty: 'not told' },
  'system.thresholds.temperature': { label: 'The machine is hot, °C', hint: THRESHOLD, empty: 'not told' },
  'system.thresholds.thermal': {
    label: "macOS's own word for heat",
    hint: '0 nominal, 1 fair, 2 serious, 3 critical.',
    empty: 'not told',
  },
  'launch.templates': { label: 'Templates', hint: 'Prompts that are used again, by their names.' },
  'notifications.native': { label: "The system's own", hint: 'Through macOS, or the desktop.' },
  'notifications.browser': { label: 'Browser pages', hint: 'Through open pages that you allow it.' },
  'notifications.private': { label: 'Private', hint: 'Say that there is something, never what: for a shared screen.' },
  'notifications.other': {
    label: 'A further channel',
    hint: 'Where a question goes that nobody answered here: the last rung of the ladder.',
    empty: 'none',
    sample: { url: 'https://ntfy.sh/choose-a-name-that-nobody-guesses', form: 'ntfy' },
  },
  'notifications.other.url': { label: 'Address', expects: 'an http(s) address' },
  'notifications.other.form': { label: 'Form', hint: 'json: {id, title, body, place}. ntfy: as ntfy reads it.' },
  'notifications.other.token': { label: 'Token', hint: 'Sent along as a bearer.', empty: 'none', secret: true },
  'notifications.digest': { label: 'One digest after the quiet hours' },
  'notifications.daily': {
    label: "When the day's digest is told",
    hint: 'Sessions, scores, price, services and what waits; after the quiet hours where it falls into them.',
    empty: 'never',
  },
  'shell.shortcut': { label: 'Keys that open Tenure from every program', empty: 'none', restart: false },
  'shell.freezeShortcut': { label: 'Keys that pause everything', empty: 'none' },
  'shell.updates': {
    label: 'Newer versions',
    hint: 'install: when nothing runs. tell: only told of. off: never looked for.',
  },
  'journal.keep': { label: 'Facts that are kept' },
  'log.level': { label: 'Detail of the log', restart: true },
};

/** A name as a sentence begins: `minAvgScore` is "Min avg score". */
function humanised(name: string): string {
  const words = name
    .replaceAll(/Ms$/g, '')
    .replaceAll('_', ' ')
    .replaceAll(/([a-z])([A-Z])/g, (_all, before: string, after: string) => `${before} ${after.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const ENDINGS: readonly (readonly [RegExp, KeyWords])[] = [
  [/^trust\.thresholds\..*\.minSessions$/, { label: 'sessions' }],
  [/^trust\.thresholds\..*\.minAvgScore$/, { label: 'mean score' }],
  [/^trust\.thresholds\..*\.minDaysAtLevel$/, { label: 'days at the level' }],
  [
    /^trust\.thresholds\..*\.minEvaluations$/,
    { label: 'scored sessions', hint: 'A third of the sessions, unless you say otherwise.' },
  ],
  [/^usage\.budgets\..*\.usd$/, { label: 'dollars', hint: 'At list price.', empty: 'no limit' }],
  [/^usage\.budgets\..*\.tokens$/, { label: 'tokens', empty: 'no limit' }],
  [/^system\.thresholds\..*\.above$/, { label: 'Above' }],
  [/^system\.thresholds\..*\.clearBelow$/, { label: 'Over again below' }],
  [/^system\.thresholds\..*\.forMs$/, { label: 'For' }],
];

const PLACES: Readonly<Record<string, string>> = {
  cautious_to_moderate: 'Moderate needs',
  moderate_to_full: 'Full needs',
  session: 'A session',
  project: 'A project, each day',
  day: 'All together, each day',
};

/** Words for any key: its own, or made from its name, so that none is ever without. */
export function wordsOf(path: readonly string[]): KeyWords {
  const key = path.join('.');
  const own = WORDS[key];
  if (own) return own;
  const found = ENDINGS.find(([pattern]) => pattern.test(key))?.[1];
  const place = PLACES[path.at(-2) ?? ''];
  if (found) return place ? { ...found, label: `${place}: ${found.label}` } : found;
  return { label: path.slice(1).map(humanised).join(': ') || humanised(key) };
}
