import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import type { Project } from '../../src/shared/contract/projects.ts';
import { LEVELS } from '../../src/shared/policy.ts';
import { type Rig, startRig } from '../rig.ts';

const corpus = (name: string): { command?: string; risk: string }[] =>
  readFileSync(join(import.meta.dirname, '..', '..', 'src/core/actions/corpus', `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

let rig: Rig;
let project: Project;
beforeAll(async () => {
  rig = await startRig();
  ({ project } = await rig.addProject());
});
afterAll(() => rig.stop());

async function check(args: readonly string[], stdin = '') {
  let stdout = '';
  let stderr = '';
  const code = await runCli(['policy', 'check', ...args], {
    env: rig.env,
    platform: 'linux',
    home: rig.env.HOME,
    cwd: rig.dir,
    fetch,
    now: () => 0,
    sleep: () => Promise.resolve(),
    browse: () => {},
    stdin: () => Promise.resolve(stdin),
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
  });
  return {
    code,
    stdout,
    stderr,
    lines: () =>
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
  };
}

interface Line {
  risk: string;
  verdict: string;
  reasons: { code: string; text: string }[];
}

const asLines = (calls: readonly unknown[]): string => calls.map((call) => `${JSON.stringify(call)}\n`).join('');
const bash = (command: string) => ({ tool: 'Bash', input: { command }, cwd: project.path });

describe('tenure policy check', () => {
  test('one command: risk, verdict and every reason, in JSON and in words', async () => {
    const json = await check(['--project', project.name, 'git push --force', '--json']);
    expect(json).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(json.stdout)).toEqual({
      risk: 'critical',
      verdict: 'deny',
      reasons: expect.arrayContaining([expect.objectContaining({ code: 'git_force_push' })]),
    });
    const words = await check(['--project', project.name, 'npm test', '--level', 'moderate']);
    expect(words.stdout).toContain('Allow');
    expect(words.stdout).toContain('At Moderate low-risk actions may go ahead.');
  });

  test('any tool, as if the level, the score and the record were others', async () => {
    const edit = asLines([{ tool: 'Edit', input: { file_path: 'src/a.ts', old_string: 'a', new_string: 'b' } }]);
    const at = async (...asIf: string[]) => {
      const { lines, code } = await check(['--project', project.name, '--stdin', ...asIf], edit);
      expect(code).toBe(0);
      return (lines()[0] as Line).verdict;
    };
    expect(await at('--level', 'cautious')).toBe('ask');
    expect(await at('--level', 'cautious', '--agent-score', '800')).toBe('ask');
    expect(await at('--level', 'cautious', '--agent-score', '800', '--history', 'new')).toBe('ask');
    expect(await at('--level', 'cautious', '--agent-score', '799', '--history', 'clean')).toBe('ask');
    expect(await at('--level', 'cautious', '--agent-score', '800', '--history', 'clean')).toBe('allow');
    expect(await at('--level', 'observe', '--agent-score', '1000', '--history', 'clean')).toBe('ask');
  });

  test('the whole corpus from outside: no hostile command is let through, whatever the record', async () => {
    // What is hostile for where it points to is judged on the corpus' own machine.
    const elsewhere = /\.\.|\/(?:opt|data)\/tenure/;
    const hostile = corpus('hostile').flatMap(({ command }) =>
      command === undefined || elsewhere.test(command) ? [] : [bash(command)],
    );
    expect(hostile.length).toBeGreaterThan(1_000);
    const benign = corpus('benign').flatMap(({ command, risk }) =>
      command === undefined ? [] : [{ call: bash(command), risk }],
    );
    // Cell by cell it is looked at beside the corpus; from outside, at the two levels that let most through.
    for (const level of LEVELS.slice(2)) {
      const asIf = ['--level', level, '--agent-score', '1000', '--history', 'clean'];
      const { lines } = await check(['--project', project.name, '--stdin', ...asIf], asLines(hostile));
      const verdicts = lines() as Line[];
      expect(verdicts).toHaveLength(hostile.length);
      const through = hostile.filter((_, i) => verdicts[i]?.verdict === 'allow');
      expect(through).toEqual([]);
    }
    const { lines } = await check(
      ['--project', project.name, '--stdin', '--level', 'full'],
      asLines(benign.map(({ call }) => call)),
    );
    const verdicts = lines() as Line[];
    const above = benign.filter(({ risk }, i) => ['read', 'low'].includes(risk) && verdicts[i]?.verdict !== 'allow');
    expect(above.length / benign.length).toBeLessThanOrEqual(0.05);
  }, 120_000);

  test('a line that is none gets an answer of its own, and the others theirs', async () => {
    const stdin = `not json\n${asLines([bash('ls')])}{"tool":5}\n\n${asLines([bash('pwd')])}`;
    const { code, lines } = await check(['--project', project.name, '--stdin', '--level', 'cautious'], stdin);
    expect(code).toBe(1);
    expect(lines()).toEqual([
      { error: { kind: 'invalid', message: expect.stringContaining('Line 1 is no JSON') } },
      expect.objectContaining({ verdict: 'allow' }),
      { error: { kind: 'invalid', message: expect.stringContaining('Line 3 is no tool call') } },
      expect.objectContaining({ verdict: 'allow' }),
    ]);
  });

  describe('standard input as it may come, read by the real program', () => {
    /** Exit code, and one parsed line for each that it printed. */
    async function piped(stdin: string | Buffer) {
      const child = spawn(
        process.execPath,
        ['src/cli/index.ts', 'policy', 'check', '--project', project.name, '--stdin', '--level', 'full'],
        { cwd: join(import.meta.dirname, '..', '..'), env: { ...process.env, ...rig.env } },
      );
      child.stdin.end(stdin);
      const [out, err, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'close') as Promise<[number]>,
      ]);
      return {
        code,
        err,
        lines:
          out === ''
            ? []
            : out
                .trimEnd()
                .split('\n')
                .map((line) => JSON.parse(line)),
      };
    }
    const wrong = (words: RegExp) => ({ error: { kind: 'invalid', message: expect.stringMatching(words) } });
    const ofVerdict = (verdict: string) => expect.objectContaining({ verdict });

    test('malformed JSON, what is no object, missing fields and wrong ones: each line says what is wrong with it', async () => {
      const given: [string, unknown][] = [
        ['{"tool": "Bash", "input": {"command": "ls"}', wrong(/^Line 1 is no JSON/)],
        ["{'tool': 'Bash'}", wrong(/^Line 2 is no JSON/)],
        ['null', wrong(/^Line 3 is no tool call/)],
        ['[]', wrong(/^Line 4 is no tool call/)],
        ['"ls"', wrong(/^Line 5 is no tool call/)],
        ['{}', wrong(/^Line 6 is no tool call.*tool/)],
        ['{"tool": ""}', wrong(/^Line 7 is no tool call.*tool/)],
        ['{"tool": "Bash", "input": {"command": "ls"}, "cwd": 5}', wrong(/^Line 8 is no tool call.*cwd/)],
        ['{"tool": "Bash"}', wrong(/^Line 9 is no tool call.*input/)],
        // A call of a tool all the same, of which nothing is understood.
        ['{"tool": "Bash", "input": {"command": 5}}', ofVerdict('ask')],
        ['{"tool": "Edit", "input": {"file_path": null}}', ofVerdict('ask')],
        ['{"tool": "Read", "input": [1, {"a": null}]}', ofVerdict('ask')],
        ['{"tool": "__proto__", "input": {"__proto__": {"risk": "read"}}}', ofVerdict('ask')],
        ['{"tool": "Bash", "input": {"command": "ls"}, "cwd": "not/absolute"}', expect.objectContaining({})],
        ['{"tool": "Bash", "input": {"command": "ls"}}', ofVerdict('allow')],
      ];
      const { code, err, lines } = await piped(given.map(([line]) => line).join('\r\n'));
      expect(lines).toEqual(given.map(([, answer]) => answer));
      expect([code, err]).toEqual([1, '']);
    }, 60_000);

    test('a huge line, one nested without end, and bytes that are no text take none of the others with them', async () => {
      const ls = Buffer.from('{"tool":"Bash","input":{"command":"ls"}}');
      const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
      const junk = Buffer.from(Array.from({ length: 4_096 }, (_, n) => (n * 131) % 256).filter((byte) => byte !== 10));
      const stdin = [
        Buffer.from([0xef, 0xbb, 0xbf, ...ls]),
        Buffer.from(`{"tool":"Bash","input":{"command":"echo ${'x'.repeat(3_000_000)}"}}`),
        Buffer.from(`{"tool":"Bash","input":{"command":"echo ${'x'.repeat(500_000)}"}}`),
        Buffer.from(`{"tool":"Mystery","input":${deep}}`),
        Buffer.from(`{"tool":"Mystery","input":${deep.slice(198_000, 202_000)}}`),
        junk,
        Buffer.from([0]),
        Buffer.concat([
          Buffer.from('{"tool":"Bash","input":{"command":"ls '),
          Buffer.from([0xff, 0xfe]),
          Buffer.from('"}}'),
        ]),
        ls,
      ].flatMap((line) => [line, Buffer.from('\n')]);
      // The last one has no line end.
      const { code, err, lines } = await piped(Buffer.concat(stdin.slice(0, -1)));
      expect(lines).toEqual([
        ofVerdict('allow'),
        wrong(/^Line 2 has 3\d{6} characters/),
        ofVerdict('ask'),
        wrong(/^Line 4 is nested too deep/),
        expect.objectContaining({ verdict: expect.stringMatching(/ask|deny/) }),
        wrong(/^Line 6 is no JSON/),
        wrong(/^Line 7 is no JSON/),
        expect.objectContaining({ risk: expect.any(String) }),
        ofVerdict('allow'),
      ]);
      expect([code, err]).toEqual([1, '']);
    }, 60_000);

    test.each([
      ['nothing', '', []],
      ['empty lines', '\n \r\n\n', []],
      ['one line without an end', '{"tool":"Bash","input":{"command":"ls"}}', ['allow']],
    ])('%s is no failure', async (_what, stdin, verdicts) => {
      const { code, err, lines } = await piped(stdin);
      expect(lines.map(({ verdict }) => verdict)).toEqual(verdicts);
      expect([code, err]).toEqual([0, '']);
    });
  });

  test('nothing of it was recorded', async () => {
    expect(await rig.call('decisions.list', { all: true })).toEqual([]);
    expect((await rig.call('trust.get', {})).level).toBe('observe');
  });

  test.each([
    [['ls'], 2, 'needs --project'],
    [['--project', 'none', 'ls'], 1, 'There is no project'],
    [['--project', 'PROJECT', 'ls', '--stdin'], 2, 'either one command or --stdin'],
    [['--project', 'PROJECT'], 2, 'either one command or --stdin'],
    [['--project', 'PROJECT', 'ls', '--level', 'god'], 2, '--level takes one of observe, cautious, moderate, full'],
    [['--project', 'PROJECT', 'ls', '--agent-score', '1001'], 2, '--agent-score takes a whole number from 0 to 1000'],
    [['--project', 'PROJECT', 'ls', '--session', 'ses_none'], 1, 'There is no session "ses_none"'],
  ])('%j is refused in a sentence', async (args, code, words) => {
    const answer = await check(args.map((arg) => (arg === 'PROJECT' ? project.name : arg)));
    expect(answer).toMatchObject({ code, stdout: '' });
    expect(answer.stderr).toContain(words);
  });
});
