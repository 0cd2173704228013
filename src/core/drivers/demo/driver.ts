import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { TenureError } from '../../../shared/errors.ts';
import type { AgentEnvironment, Clock, Spawner } from '../../kernel/ports.ts';
import type { AgentCheck, AgentDriver, LaunchSpec } from '../driver.ts';
import { createMemoryFile, type Memory } from './memory.ts';
import { playScript } from './run.ts';
import { SAMPLE_MARK } from './sample.ts';
import { chooseScript, ELSEWHERE, type Script, scriptNamed } from './scripts.ts';

const VERSION = '1.0.0';
const GIT_LIMIT_MS = 10_000;

export interface DemoDriverDeps {
  spawner: Spawner;
  clock: Clock;
  environment: AgentEnvironment;
  /** Milliseconds between two steps; what a person can follow. */
  paceMs?: number | undefined;
}

/** The scripted agent: part of the program, but its edits, commits and questions are real. */
export function createDemoDriver({ spawner, clock, environment, paceMs = 1_500 }: DemoDriverDeps): AgentDriver {
  let turn = 0;

  const choose = async (spec: LaunchSpec): Promise<Script> => {
    const isSample = await access(join(spec.cwd, SAMPLE_MARK)).then(
      () => true,
      () => false,
    );
    if (!isSample) return ELSEWHERE;
    const { script, inTurn } = chooseScript(spec.prompt ?? '', turn);
    if (inTurn) turn += 1;
    return script;
  };

  const gitDirectoryOf = (cwd: string, env: Record<string, string>) =>
    spawner.run('git', ['rev-parse', '--absolute-git-dir'], { cwd, env, timeoutMs: GIT_LIMIT_MS });

  async function check(): Promise<AgentCheck> {
    const path = await environment.find('git');
    const problem = path === null ? 'The demo agent needs git, and there is none on the PATH of your shell.' : null;
    return { ok: path !== null, version: VERSION, path, problem };
  }

  return {
    kind: 'demo',

    check,
    ready: check,

    async remembers(agentSessionId, cwd) {
      const git = await gitDirectoryOf(cwd, await environment.forCommands());
      return git.ok && (await createMemoryFile(git.stdout.trim(), agentSessionId).read()) !== null;
    },

    // A scripted agent has no limits.
    tryOut: () => Promise.resolve({ kind: 'completed', detail: 'It works.', resetsAt: null }),

    async launch(spec, observe) {
      const env = await environment.forCommands();
      const git = await gitDirectoryOf(spec.cwd, env);
      if (!git.ok) {
        const why = git.spawnError ?? git.stderr.trim();
        throw new TenureError('unavailable', `The demo agent cannot work in ${spec.cwd}: ${why}.`);
      }
      const memory = createMemoryFile(git.stdout.trim(), spec.agentSessionId);
      const remembered = spec.resume ? await memory.read() : null;
      const script = (remembered && scriptNamed(remembered.script)) ?? (await choose(spec));
      const start: Memory = remembered ?? { script: script.name, step: 0, refused: [] };
      observe({ type: 'spawned', identity: null });
      const tools = { spawner, clock, cwd: spec.cwd, env, nonce: spec.nonce };
      return playScript({ clock, tools, memory, paceMs, version: VERSION }, script, start, spec, observe);
    },
  };
}
