import type { Evidence, VerifyResult } from '../../shared/contract/evidence.ts';
import type { SessionOutcome } from '../../shared/contract/sessions.ts';

/** What was measured of a session's work; the steps of the score come from here. */
export type Measured = Omit<Evidence, 'steps'>;

/** What an evaluation adds to the measurement when nothing more was looked at. */
export const NOT_LOOKED_AT = {
  verifyBefore: null,
  attribution: null,
  files: null,
  named: null,
  outside: null,
  tests: null,
  secrets: null,
  flags: [],
} satisfies Partial<Evidence>;

export interface Facts {
  /** How the session ended, as classified from the agent's process. */
  outcome: SessionOutcome;
  /** The agent's last message; a claim, which only a look at the tree can make count. */
  resultText: string | null;
  /** Critical actions that the gate or a person refused. */
  refusedCritical: number;
  /** Questions to a person that nobody answered in time. */
  unanswered: number;
  verifyConfigured: boolean;
  measured: Measured;
}

export interface Weighed {
  /** 1–5, or null: unscored. */
  score: number | null;
  /** The most that the evidence allows, whatever anybody says of the work. */
  cap: number;
  /** Why this score, or why none, in one sentence. */
  reason: string;
  /** As given, but for a session that rightly had nothing to do. */
  outcome: SessionOutcome;
  /** What was looked at and what it gave, in order. */
  steps: string[];
  /** Sentences. */
  accomplishments: string[];
  failures: string[];
}

/**
 * Why an ending says nothing about the agent's work, so that it is not scored; null for the natural
 * endings, which are.
 */
const UNSCORED = {
  completed: null,
  nothing_to_do: null,
  refused: null,
  max_turns: null,
  budget: null,
  timed_out: null,
  stalled: null,
  stopped: 'a person stopped it',
  quota: 'the usage limit was reached',
  auth_required: 'the agent was not logged in',
  transient: "the agent's service failed for a while",
  model_not_found: 'the model was not found',
  unknown_session: 'the agent no longer knew the session',
  launch_failed: 'it could not be started',
  crashed: "the agent's program crashed",
  truncated: 'the agent ended without a result',
  interrupted: 'Tenure was ended while it ran',
  ended_by_gate: 'the gate did not prove itself alive, so Tenure ended it',
} as const satisfies Record<SessionOutcome, string | null>;

/** Natural endings other than the agent's own: how it ended, in words. */
const CUT_SHORT: Partial<Record<SessionOutcome, string>> = {
  refused: 'the model refused to go on',
  max_turns: 'it used up its turns',
  budget: 'it used up its budget',
  timed_out: 'its time box ran out',
  stalled: 'it fell silent',
};

/** Is the work of a session that ended like this worth measuring with the verify command? */
export const isScored = (outcome: SessionOutcome): boolean => UNSCORED[outcome] === null;

/** What follows `NOTHING TO DO:` on a line of its own, or null. */
export function nothingToDoIn(text: string | null): string | null {
  return (
    /^[ \t]*NOTHING TO DO:[ \t]*(\S.*)$/m
      .exec(text ?? '')?.[1]
      ?.trim()
      .slice(0, 300) ?? null
  );
}

const counted = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? '' : 's'}`;
const passed = (verify: VerifyResult | null): boolean => verify?.exitCode === 0 && !verify.timedOut;

interface Finding {
  good: boolean;
  /** Goes into the reason: "it committed 2 files". */
  words: string;
  /** The most that the score can be because of this; absent: no cap. */
  cap?: number;
}

function ending(outcome: SessionOutcome): Finding {
  const how = CUT_SHORT[outcome];
  return how === undefined ? { good: true, words: 'it ended by itself' } : { good: false, words: how, cap: 3 };
}

function committed(m: Measured): Finding {
  const { commits, filesChanged, insertions, deletions } = m;
  if (m.historyRewritten) {
    return { good: false, words: 'it rewrote history, so its own commits cannot be told from others', cap: 2 };
  }
  if (!commits) return { good: false, words: 'it committed nothing', cap: 2 };
  if (!filesChanged) return { good: false, words: `its ${counted(commits, 'commit')} changed no file`, cap: 2 };
  const size = `+${insertions} −${deletions} lines`;
  return {
    good: true,
    words: `it committed ${counted(filesChanged, 'file')} in ${counted(commits, 'commit')} (${size})`,
  };
}

function verified({ verify, attribution }: Measured): Finding {
  if (verify === null) return { good: false, words: 'no verify command is configured', cap: 3 };
  if (attribution === 'was_failing') {
    // Not the session's doing; but that its work holds was not shown either.
    return {
      good: false,
      words: 'the verify command fails as it did before the session: it was already failing',
      cap: 3,
    };
  }
  if (attribution === 'flaky') {
    return { good: false, words: 'the verify command failed, then passed on the same work: it proves nothing', cap: 3 };
  }
  if (verify.timedOut) return { good: false, words: 'the verify command did not end in time', cap: 2 };
  if (attribution === 'fixed') return { good: true, words: 'the verify command passes, which failed before' };
  if (passed(verify)) return { good: true, words: 'the verify command passed' };
  const code = verify.exitCode === null ? 'a signal' : `exit code ${verify.exitCode}`;
  const before = attribution === 'broke' ? ', and passed before the session' : '';
  return { good: false, words: `the verify command failed with ${code}${before}`, cap: 2 };
}

function clean({ outcome, refusedCritical, measured }: Facts): Finding {
  const left = measured.uncommittedFiles ?? 0;
  const blots = [
    ...(left > 0 ? [`it left ${counted(left, 'file')} uncommitted`] : []),
    ...(refusedCritical > 0
      ? [`it asked for ${counted(refusedCritical, 'critical action')} that had to be refused`]
      : []),
    ...(outcome === 'timed_out' ? ['it did not stay inside its time box'] : []),
  ];
  return blots.length === 0
    ? {
        good: true,
        words: 'it left nothing uncommitted, stayed inside its time box and had no critical action refused',
      }
    : { good: false, words: blots.join(' and ') };
}

/** A sentence as a part of another one. */
const lower = (text: string): string => (text.charAt(0).toLowerCase() + text.slice(1)).replace(/\.$/, '');
const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const unscored = (outcome: SessionOutcome, reason: string, why: string): Weighed => ({
  score: null,
  cap: 5,
  reason,
  outcome,
  steps: [`Not scored: ${why}.`],
  accomplishments: [],
  failures: [],
});

/** The session did nothing, said so in the agreed form, and there really is nothing. */
function rightlyIdle({ outcome, resultText, verifyConfigured, measured: m }: Facts): string | null {
  const untouched =
    m.commits === 0 && m.uncommittedFiles === 0 && m.historyRewritten === false && m.headCommit === m.baseCommit;
  const holds = !verifyConfigured || passed(m.verify);
  return outcome === 'completed' && untouched && holds ? nothingToDoIn(resultText) : null;
}

/**
 * The score of a session, as docs/scoring.md states it. Pure: the same facts give the same score. What
 * the agent wrote never raises it; it can only turn a session without any change into one of its own kind.
 */
export function weigh(given: Facts): Weighed {
  // A claim of the agent's program; only the measurement below may make it an outcome.
  const outcome = given.outcome === 'nothing_to_do' ? 'completed' : given.outcome;
  const facts = { ...given, outcome };
  const { measured, verifyConfigured } = facts;
  const why = UNSCORED[outcome];
  if (why !== null) return unscored(outcome, `Not scored: ${why}.`, why);
  if (measured.commits === null || (verifyConfigured && measured.verify === null)) {
    const problem = measured.problem ?? 'Nothing was measured.';
    return unscored(outcome, `Not scored, because its work could not be measured. ${problem}`, 'not measured');
  }
  if (outcome === 'completed' && facts.unanswered > 0 && measured.commits === 0 && !measured.historyRewritten) {
    // Somebody who was away took the agent's way to go on: a person's absence is not its failure.
    const asked = facts.unanswered === 1 ? 'a question of it' : `${facts.unanswered} questions of it`;
    return unscored(
      outcome,
      `Not scored: nobody answered ${asked} in time, and without an answer it committed nothing.`,
      `nobody answered ${asked} in time`,
    );
  }
  const idle = rightlyIdle(facts);
  if (idle !== null) {
    const tests = verifyConfigured ? ' and the verify command passes' : '';
    return unscored(
      'nothing_to_do',
      `There was nothing to do: ${idle}`,
      `the agent said that there was nothing to do, the work tree is untouched${tests}`,
    );
  }

  const findings = [ending(outcome), committed(measured), verified(measured), clean(facts)];
  const sum = 1 + findings.filter((finding) => finding.good).length;
  const flagged = measured.flags.flatMap((flag) =>
    flag.cap === null ? [] : [{ cap: flag.cap, words: lower(flag.text) }],
  );
  const limits = [
    ...findings.flatMap(({ cap: most, words }) => (most === undefined ? [] : [{ cap: most, words }])),
    ...flagged,
  ];
  const cap = Math.min(5, ...limits.map((limit) => limit.cap));
  const caps = limits.filter((limit) => limit.cap < sum);
  const score = Math.min(sum, cap);
  const said = (good: boolean): string[] =>
    findings.flatMap((finding) => (finding.good === good ? [finding.words] : []));
  const [pros, cons] = [said(true), [...said(false), ...flagged.map(({ words }) => words)]];
  const added = measured.tests?.added ?? 0;
  if (added > 0) pros.push(`it added ${counted(added, 'test')}`);
  const sentences = (words: readonly string[]): string[] => words.map((each) => `${upper(each)}.`);
  return {
    score,
    cap,
    reason: `${score} of 5: ${[pros.join('; '), cons.join('; ')].filter(Boolean).join(', but ')}.`,
    outcome,
    steps: [
      'A session that ended naturally starts at 1.',
      ...findings.map(({ good, words }) => `${good ? '+1' : '+0'}: ${words}.`),
      ...caps.map((one) => `At most ${one.cap}, because ${one.words}.`),
      `Score: ${score}.`,
    ].map(upper),
    accomplishments: sentences(pros),
    failures: sentences(cons),
  };
}

const TAIL_LINES = 60;
const TAIL_CHARS = 8_000;

/** The end of a program's output, as a person would see it: no colour codes, no overwritten progress bars. */
export function tailOf(output: string): string {
  const lines = output
    // oxlint-disable-next-line no-control-regex -- terminal codes are what is taken out
    .replaceAll(/\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g, '')
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => line.slice(line.lastIndexOf('\r') + 1))
    // oxlint-disable-next-line no-control-regex
    .map((line) => line.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ''));
  return lines.slice(-TAIL_LINES).join('\n').trim().slice(-TAIL_CHARS);
}
