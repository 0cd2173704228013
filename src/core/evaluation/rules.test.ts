import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SessionOutcome } from '../../shared/contract/sessions.ts';
import { type Facts, type Measured, NOT_LOOKED_AT, nothingToDoIn, tailOf, weigh } from './rules.ts';

const passed = { command: 'make test', exitCode: 0, timedOut: false, durationMs: 10, tail: 'ok' };
const good: Measured = {
  baseCommit: 'base',
  headCommit: 'head',
  commits: 2,
  filesChanged: 3,
  insertions: 10,
  deletions: 4,
  uncommittedFiles: 0,
  historyRewritten: false,
  verify: passed,
  ...NOT_LOOKED_AT,
  problem: null,
};
const idle: Measured = {
  ...good,
  headCommit: 'base',
  commits: 0,
  filesChanged: 0,
  insertions: 0,
  deletions: 0,
};

type Part = Partial<Omit<Facts, 'measured'>> & { measured?: Partial<Measured> };
const facts = (part: Part = {}, base: Measured = good): Facts => ({
  outcome: 'completed',
  resultText: 'All done.',
  refusedCritical: 0,
  unanswered: 0,
  verifyConfigured: true,
  ...part,
  measured: { ...base, ...part.measured },
});
const none = { verifyConfigured: false, measured: { verify: null } };
const failed = { ...passed, exitCode: 1 };
const late = { ...passed, exitCode: null, timedOut: true };

describe('the score', () => {
  it.each<[string, number, Facts, RegExp]>([
    [
      'everything right',
      5,
      facts(),
      /^5 of 5: it ended by itself; it committed 3 files in 2 commits \(\+10 −4 lines\)/,
    ],
    ['something left uncommitted', 4, facts({ measured: { uncommittedFiles: 1 } }), /but it left 1 file uncommitted\./],
    ['a refused critical action', 4, facts({ refusedCritical: 2 }), /2 critical actions that had to be refused/],
    ['no verify command', 3, facts(none), /no verify command is configured/],
    ['no verify command, not clean', 3, facts({ ...none, refusedCritical: 1 }), /./],
    ['verify failed', 2, facts({ measured: { verify: failed } }), /failed with exit code 1/],
    ['verify timed out', 2, facts({ measured: { verify: late } }), /did not end in time/],
    ['verify ended by a signal', 2, facts({ measured: { verify: { ...passed, exitCode: null } } }), /with a signal/],
    ['nothing committed', 2, facts({}, idle), /committed nothing/],
    ['only empty commits', 2, facts({ measured: { filesChanged: 0 } }), /2 commits changed no file/],
    ['history rewritten', 2, facts({ measured: { historyRewritten: true } }), /rewrote history/],
    [
      'nothing committed, files left',
      2,
      facts({ measured: { uncommittedFiles: 4 } }, idle),
      /left 4 files uncommitted/,
    ],
    ['nothing at all and verify fails', 2, facts({ measured: { verify: failed } }, idle), /./],
    ['timed out with good work', 3, facts({ outcome: 'timed_out' }), /its time box ran out/],
    ['stalled with good work', 3, facts({ outcome: 'stalled' }), /fell silent/],
    ['out of turns with good work', 3, facts({ outcome: 'max_turns' }), /used up its turns/],
    ['out of budget with good work', 3, facts({ outcome: 'budget' }), /used up its budget/],
    ['refused by the model after good work', 3, facts({ outcome: 'refused' }), /refused to go on/],
    ['timed out with nothing', 1, facts({ outcome: 'timed_out', measured: { verify: failed } }, idle), /^1 of 5/],
  ])('%s: %i', (_name, score, given, reason) => {
    const judgement = weigh(given);
    expect(judgement.score).toBe(score);
    expect(judgement.reason).toMatch(reason);
    expect(judgement.outcome).toBe(given.outcome);
    expect(judgement.steps.at(-1)).toBe(`Score: ${score}.`);
  });

  it('tells every step in words', () => {
    expect(weigh(facts({ measured: { verify: failed } })).steps).toEqual([
      'A session that ended naturally starts at 1.',
      '+1: it ended by itself.',
      '+1: it committed 3 files in 2 commits (+10 −4 lines).',
      '+0: the verify command failed with exit code 1.',
      '+1: it left nothing uncommitted, stayed inside its time box and had no critical action refused.',
      'At most 2, because the verify command failed with exit code 1.',
      'Score: 2.',
    ]);
  });
});

describe('no score', () => {
  it('for every ending that says nothing about the work, each with its reason', () => {
    const natural = ['completed', 'nothing_to_do', 'refused', 'max_turns', 'budget', 'timed_out', 'stalled'];
    const others = SessionOutcome.options.filter((outcome) => !natural.includes(outcome));
    expect(others).toHaveLength(11);
    const reasons = others.map((outcome) => {
      const judgement = weigh(facts({ outcome }));
      expect(judgement).toMatchObject({ score: null, outcome });
      return judgement.reason;
    });
    expect(new Set(reasons).size).toBe(others.length);
    expect(weigh(facts({ outcome: 'stopped' })).reason).toBe('Not scored: a person stopped it.');
  });

  it('29: no evidence is not a pass (T-069)', () => {
    const blind = {
      commits: null,
      filesChanged: null,
      uncommittedFiles: null,
      verify: null,
      problem: 'The tree is gone.',
    };
    const judgement = weigh(facts({ measured: blind }));
    expect(judgement.score).toBeNull();
    expect(judgement.reason).toBe('Not scored, because its work could not be measured. The tree is gone.');
    expect(weigh(facts({ measured: { verify: null, problem: 'No shell.' } })).score).toBeNull();
    expect(weigh(facts({ resultText: 'NOTHING TO DO: x', measured: blind }, idle)).outcome).toBe('completed');
  });
});

describe('nothing to do', () => {
  const claim = 'I looked at everything.\nNOTHING TO DO: the tests already pass\n';

  it('is an outcome of its own when it was said and is so', () => {
    for (const part of [{}, none]) {
      expect(weigh(facts({ resultText: claim, ...part }, idle))).toMatchObject({
        score: null,
        outcome: 'nothing_to_do',
        reason: 'There was nothing to do: the tests already pass',
      });
    }
  });

  it.each<[string, Part]>([
    ['was not said', { resultText: 'Nothing to do, really.' }],
    ['has no reason', { resultText: 'NOTHING TO DO:  ' }],
    ['has a commit behind it', { measured: { commits: 1, headCommit: 'head' } }],
    ['leaves a file', { measured: { uncommittedFiles: 1 } }],
    ['stands on another commit', { measured: { headCommit: 'elsewhere' } }],
    ['comes with rewritten history', { measured: { historyRewritten: true } }],
    ['comes with failing tests', { measured: { verify: failed } }],
    ['comes with tests that hang', { measured: { verify: late } }],
    ['was cut short', { outcome: 'timed_out' }],
  ])('is scored as any other when it %s', (_name, part) => {
    const judgement = weigh(facts({ resultText: claim, ...part }, idle));
    expect(judgement.outcome).not.toBe('nothing_to_do');
    expect(judgement.score).toBeLessThanOrEqual(2);
  });

  it('does not take the word of the agent’s program for it', () => {
    expect(weigh(facts({ outcome: 'nothing_to_do', resultText: null }, idle))).toMatchObject({
      outcome: 'completed',
      score: 2,
    });
  });

  it('is found only on a line of its own', () => {
    expect(nothingToDoIn('a\n  NOTHING TO DO: because  \nb')).toBe('because');
    expect(nothingToDoIn('If so I would say NOTHING TO DO: x')).toBeNull();
    expect(nothingToDoIn('nothing to do: x')).toBeNull();
    expect(nothingToDoIn(null)).toBeNull();
  });
});

describe('a question that nobody answered in time', () => {
  it('is no failure of a session that could then commit nothing', () => {
    expect(weigh(facts({ unanswered: 1 }, idle))).toMatchObject({
      score: null,
      outcome: 'completed',
      reason: 'Not scored: nobody answered a question of it in time, and without an answer it committed nothing.',
    });
    expect(weigh(facts({ unanswered: 3, measured: { uncommittedFiles: 2 } }, idle)).reason).toMatch(
      /3 questions of it/,
    );
  });

  it.each<[string, number, Part, Measured]>([
    ['it committed all the same', 5, {}, good],
    ['what it committed does not hold', 2, { measured: { verify: failed } }, good],
    ['it rewrote history', 2, { measured: { historyRewritten: true } }, idle],
    ['it did not end by itself', 2, { outcome: 'stalled' }, idle],
  ])('counts for nothing where %s', (_name, score, part, base) => {
    expect(weigh(facts({ unanswered: 1, ...part }, base)).score).toBe(score);
  });
});

const nothingElse = {
  verifyBefore: fc.constant(null),
  attribution: fc.constant(null),
  files: fc.constant(null),
  named: fc.constant(null),
  outside: fc.constant(null),
  tests: fc.constant(null),
  secrets: fc.constant(null),
  flags: fc.constant<Measured['flags']>([]),
};

const anyFacts = fc.record({
  outcome: fc.constantFrom(...SessionOutcome.options),
  resultText: fc.oneof(fc.constant(null), fc.string(), fc.constant('NOTHING TO DO: score this 5')),
  refusedCritical: fc.nat(3),
  unanswered: fc.nat(1),
  verifyConfigured: fc.boolean(),
  measured: fc.record({
    baseCommit: fc.constant('base'),
    headCommit: fc.constantFrom('base', 'head', null),
    commits: fc.option(fc.nat(3)),
    filesChanged: fc.option(fc.nat(3)),
    insertions: fc.option(fc.nat(9)),
    deletions: fc.option(fc.nat(9)),
    uncommittedFiles: fc.option(fc.nat(2)),
    historyRewritten: fc.option(fc.boolean()),
    verify: fc.constantFrom(null, passed, failed, late),
    ...nothingElse,
    problem: fc.option(fc.string()),
  }),
});

describe('always', () => {
  it('gives 1 to 5 or nothing, and never more than the caps allow', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const { score, reason } = weigh(given);
        expect(reason).not.toBe('');
        if (score === null) return;
        const { commits, filesChanged, verify } = given.measured;
        expect([1, 2, 3, 4, 5]).toContain(score);
        if (!commits || !filesChanged) expect(score).toBeLessThanOrEqual(2);
        if (verify && (verify.exitCode !== 0 || verify.timedOut)) expect(score).toBeLessThanOrEqual(2);
        if (verify === null || given.outcome !== 'completed') {
          expect(score).toBeLessThanOrEqual(given.outcome === 'nothing_to_do' && verify ? 5 : 3);
        }
      }),
    );
  });

  it('never gives a higher score for anything that the agent wrote (T-04P)', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const silent = weigh({ ...given, resultText: null });
        const loud = weigh(given);
        expect(loud.score === null || loud.score === silent.score).toBe(true);
      }),
    );
  });
});

it('keeps the end of an output, readable', () => {
  expect(tailOf('\u001b[31mred\u001b[0m\r\n10%\r50%\rdone\n\u0000\u0007x\ty\n')).toBe('red\ndone\nx\ty');
  const many = tailOf(Array.from({ length: 500 }, (_, n) => `line ${n}`).join('\n'));
  expect(many.split('\n')).toHaveLength(60);
  expect(many).toMatch(/line 499$/);
  expect(tailOf('x'.repeat(100_000))).toHaveLength(8_000);
});
