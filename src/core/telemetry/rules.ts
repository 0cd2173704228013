import type { ChoiceSource, ModelRecord, SpawnOutcome, Suggestion } from '../../shared/contract/telemetry.ts';
import { dollars, percent } from '../../shared/format.ts';
import { leastGain, rateOf } from './statistics.ts';

/** What a spawn without a model is counted under: the agent chose, and did not say. */
export const NO_MODEL = 'default';
const LONGEST_TASK = 200;
/** Finished spawns of each of two models before they are compared. */
export const MIN_FINISHED = 10;

/** One way to write a model, everywhere: without the edges' blanks; nothing is `default` (T-106). */
export function modelName(model: string | null | undefined): string {
  const name = model?.trim().slice(0, 200) ?? '';
  return name === '' ? NO_MODEL : name;
}

/** A role as it is written down: a word of lower-case letters; what is none counts as `other`. */
export function casteName(caste: string): string {
  const name = caste
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-');
  return /^[a-z][a-z0-9_-]{0,39}$/.test(name) ? name : 'other';
}

/** The first line of a task that says something, bounded. */
export function taskLine(task: string): string {
  return task.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_TASK);
}

/** Whole words, by which the first line of a task is told apart; the first class that has one wins. */
const CLASS_WORDS: readonly (readonly [taskClass: string, words: RegExp])[] = [
  ['fix', /^(fix|fixes|fixed|bug|bugs|bugfix|repair|debug|broken|crash|crashes|regression)$/],
  ['test', /^(test|tests|testing|coverage|spec|specs)$/],
  ['docs', /^(docs?|document|documentation|readme|changelog|comments?)$/],
  ['refactor', /^(refactor|refactoring|rename|simplify|clean|cleanup|extract|restructure)$/],
  ['upgrade', /^(upgrade|update|bump|migrate|dependency|dependencies)$/],
  ['review', /^(review|audit|inspect|explain|analyse|analyze)$/],
  ['build', /^(add|build|implement|create|write|feature|introduce|support)$/],
];

/**
 * What kind of work a prompt asks for, by whole words of its first line in their order ("latest" holds no
 * "test", T-10D). `other` when no word says so.
 */
export function taskClassOf(prompt: string): string {
  const first = prompt.trim().split('\n', 1)[0]?.toLowerCase() ?? '';
  for (const word of first.split(/[^a-z]+/)) {
    const found = CLASS_WORDS.find(([, words]) => words.test(word));
    if (found) return found[0];
  }
  return 'other';
}

export type CorrectionRule = 'measured' | 'late' | 'person';

/** Which corrections a rule may make: from → to. Everything else is refused, so nothing counts twice (T-103). */
const CORRECTIONS: Readonly<Record<CorrectionRule, readonly (readonly [SpawnOutcome, SpawnOutcome])[]>> = {
  /** Our own measurement found otherwise than the agent reported. */
  measured: [['completed', 'failed']],
  /** Its end was heard of after it had been given up. */
  late: [
    ['unknown', 'completed'],
    ['unknown', 'failed'],
    ['unknown', 'blocked'],
  ],
  person: [
    ['unknown', 'completed'],
    ['unknown', 'failed'],
    ['unknown', 'blocked'],
    ['completed', 'failed'],
    ['completed', 'blocked'],
    ['failed', 'completed'],
    ['failed', 'blocked'],
    ['blocked', 'completed'],
    ['blocked', 'failed'],
  ],
};

export const mayCorrect = (rule: CorrectionRule, from: SpawnOutcome | null, to: SpawnOutcome): boolean =>
  from !== null && CORRECTIONS[rule].some(([a, b]) => a === from && b === to);

/** A score this low means that the work was not done, whatever the agent said. */
const NOT_DONE = 2;

/** Does a measured score make a failure of what the agent reported as done? Unscored (null) says nothing. */
export const failedByScore = (score: number | null): boolean => score !== null && score <= NOT_DONE;

export interface Tally {
  model: string;
  completed: number;
  failed: number;
  meanCostUsd: number | null;
}

function recordOf({ model, completed, failed, meanCostUsd }: Tally): ModelRecord | null {
  const rate = rateOf(completed, completed + failed);
  if (!rate) return null;
  return { model, completed, finished: rate.n, rate: rate.rate, low: rate.low, high: rate.high, meanCostUsd };
}

const ofWords = ({ completed, finished }: ModelRecord): string => `${completed} of ${finished}`;
const costWords = ({ meanCostUsd }: ModelRecord): string =>
  meanCostUsd === null ? 'at an unknown price' : `at ${dollars(meanCostUsd)} each`;

/**
 * The model that is clearly better than the one in use, for one role and task class (T-10E): both have
 * finished enough, and even the least gain is one. Null: the record says nothing clear.
 */
export function suggestionFor(
  scope: { caste: string; taskClass: string },
  current: string,
  tallies: readonly Tally[],
): Suggestion | null {
  const records = tallies.flatMap((tally) => recordOf(tally) ?? []).filter((one) => one.finished >= MIN_FINISHED);
  const against = records.find((one) => one.model === current);
  if (!against) return null;
  const [best] = records
    .filter((one) => one.model !== current && one.model !== NO_MODEL)
    .map((one) => ({ one, gain: leastGain(one, against) }))
    .filter(({ gain }) => gain > 0)
    .toSorted((a, b) => b.gain - a.gain);
  if (!best) return null;
  const { one } = best;
  const interval = `${percent(one.low)} to ${percent(one.high)}`;
  return {
    ...scope,
    model: one.model,
    evidence: one,
    against,
    sentence: `${one.model} has completed ${ofWords(one)} (${interval}) ${costWords(one)}; ${against.model} ${ofWords(against)} ${costWords(against)}.`,
  };
}

const WORDS: Readonly<Record<Exclude<ChoiceSource, 'suggestion'>, string>> = {
  'user-override': 'your choice',
  'project-default': "the project's setting",
  'caste-default': 'the setting for this role',
  fallback: "the agent's own choice",
  unknown: 'not recorded why',
};

/** "opus: your choice"; "sonnet: suggested, 14 of 15 against 9 of 14". */
export function choiceSentence(model: string | null, source: ChoiceSource, followed: Suggestion | null): string {
  const name = model ?? "The agent's default";
  if (source !== 'suggestion') return `${name}: ${WORDS[source]}`;
  const evidence = followed ? `, ${ofWords(followed.evidence)} against ${ofWords(followed.against)}` : '';
  return `${name}: suggested${evidence}`;
}
