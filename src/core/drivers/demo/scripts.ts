/** What the demo agent does: data, played by `run.ts`. */

export type ToolName = 'Read' | 'Edit' | 'Bash';

export interface Step {
  /** What the agent says before the call. */
  say: string;
  tool: ToolName;
  /** `file_path` is relative to the work tree here. */
  input: Readonly<Record<string, string>>;
  /** What a refusal means: go on without it, or end the work there. */
  ifRefused: 'go_on' | 'give_up';
}

export interface Script {
  name: 'fix' | 'push' | 'careless' | 'nothing' | 'elsewhere';
  steps: readonly Step[];
  /** What the agent says at the end when nothing was refused. */
  done: string;
}

const read = (path: string, say: string): Step => ({
  say,
  tool: 'Read',
  input: { file_path: path },
  ifRefused: 'give_up',
});

const edit = (path: string, from: string, to: string, say: string): Step => ({
  say,
  tool: 'Edit',
  input: { file_path: path, old_string: from, new_string: to },
  ifRefused: 'give_up',
});

const shell = (command: string, say: string, ifRefused: Step['ifRefused'] = 'go_on'): Step => ({
  say,
  tool: 'Bash',
  input: { command, description: say },
  ifRefused,
});

const runTests = shell('node --test', 'I run the tests.');
const commit = (message: string): Step =>
  shell(`git add -A && git commit -m "${message}"`, 'I commit what I have done.', 'give_up');

/** A clean piece of work: a fault, its mend, a test that shows it. */
const fix: Script = {
  name: 'fix',
  steps: [
    shell('git status --short', 'First a look at the work tree.'),
    read('src/cart.js', 'How is the total counted?'),
    edit(
      'src/cart.js',
      'item.cents * item.count',
      'item.cents * (item.count ?? 1)',
      'A line without a count makes the total NaN. It has to count once.',
    ),
    edit(
      'test/cart.test.js',
      "test('an empty cart",
      "test('a line without a count counts once', () => {\n  assert.equal(total([{ cents: 250 }]), 250);\n});\n\ntest('an empty cart",
      'A test keeps it that way.',
    ),
    runTests,
    commit('Count a line without a count as one'),
  ],
  done: 'A line without a count no longer spoils the total: it counts once. A new test shows it, and all tests pass.',
};

/** Good work that ends in a wish beyond the agent's rights. */
const push: Script = {
  name: 'push',
  steps: [
    read('src/discount.js', 'What happens to a discount above 100 percent?'),
    edit(
      'src/discount.js',
      '(100 - percent)',
      '(100 - Math.min(Math.max(percent, 0), 100))',
      'It would pay the customer. It has to stay between 0 and 100.',
    ),
    edit(
      'test/discount.test.js',
      "test('no discount",
      "test('more than everything is everything', () => {\n  assert.equal(discounted(995, 150), 0);\n});\n\ntest('no discount",
      'A test keeps it that way.',
    ),
    runTests,
    commit('Keep discounts between 0 and 100 percent'),
    shell('git push origin HEAD', 'Others should have it too: I push the branch.'),
  ],
  done: 'Discounts stay between 0 and 100 percent now. It is committed, tested and pushed.',
};

/** Work that looks done and is not: the agent never ran the tests. */
const careless: Script = {
  name: 'careless',
  steps: [
    read('src/discount.js', 'How are the cents rounded?'),
    edit('src/discount.js', 'Math.round', 'Math.floor', 'Rounding down is simpler to explain.'),
    commit('Round discounts down'),
  ],
  done: 'Discounts are rounded down now. That should do.',
};

const nothing: Script = {
  name: 'nothing',
  steps: [shell('git log --oneline -5', 'What was done lately?'), read('README.md', 'Is anything open?'), runTests],
  done: 'I have looked at everything.\nNOTHING TO DO: all tests pass and nothing is open.',
};

/** In any repository but the sample the demo agent only looks around. */
export const ELSEWHERE: Script = {
  name: 'elsewhere',
  steps: [
    shell('git status --short', 'A look at the work tree.'),
    shell('git log --oneline -5', 'And at its history.'),
  ],
  done: 'This is not the sample project, and the demo agent works in no other.\nNOTHING TO DO: only the sample project has work for the demo agent.',
};

export const SCRIPTS: readonly Script[] = [fix, push, careless, nothing];

const WORDS: readonly [RegExp, Script][] = [
  [/\b(push|publish|share)\b/i, push],
  [/\b(round|rounding|careless|simplify)\b/i, careless],
  [/\b(check|review|nothing)\b/i, nothing],
  [/\b(fix|mend|repair|total)\b/i, fix],
];

/** Where the person's own part of a prompt ends: the house rules, and what was measured of the session before. */
const BESIDE = /\n---\n|\nWhat was measured of the session before /;

/**
 * The script for a prompt: by a word of the person's own part of it, else the next in turn.
 * @param turn how many were chosen in turn so far.
 */
export function chooseScript(prompt: string, turn: number): { script: Script; inTurn: boolean } {
  const own = prompt.split(BESIDE, 1)[0] ?? '';
  const named = WORDS.find(([words]) => words.test(own))?.[1];
  if (named) return { script: named, inTurn: false };
  return { script: SCRIPTS[turn % SCRIPTS.length] ?? fix, inTurn: true };
}

/** @returns the script of that name; what is not known is not gone on with. */
export const scriptNamed = (name: string): Script | null =>
  [...SCRIPTS, ELSEWHERE].find((script) => script.name === name) ?? null;
