import type { Child, Clock, Exit, ProcessFacts, Spawner, Timer } from '../../kernel/ports.ts';
import type { AgentEnding, AgentEvent, AgentRun, LaunchSpec } from '../driver.ts';
import { createTreeKeeper } from '../tree.ts';
import { within } from '../within.ts';
import { CONTINUE, promptLine, refusalOf } from './command.ts';
import { type Ending, endingOfExit, endingOfResult } from './endings.ts';
import { createLineReader } from './lines.ts';
import { createReader } from './reader.ts';
import { createSilence } from './silence.ts';
import { stallEvidence } from './stall.ts';
import { tooOld } from './version.ts';

/** A look at the processes of a run: who belongs to it, whether it still lives. */
const LOOK_EVERY_MS = 10_000;
/** So far apart at the least are two looks that tell what the processes did in between. */
const TELLING_MS = 5_000;
/** A resumed agent with a parked call speaks within half a second; one with nothing to do waits for ever. */
const NUDGE_MS = 5_000;
/** From the exit on, for what is still in the pipe. */
const DRAIN_MS = 250;
/** When a person stops a run, everything has to be gone within two seconds. */
const STOP = { killMs: 900, drainMs: 50, askMs: 150, limitMs: 600 };
/** A process that survives SIGKILL this long is named instead of waited for. */
const GIVE_UP_MS = 500;
const STDERR_KEPT = 4_096;

const STOPPED: Record<Parameters<AgentRun['stop']>[0], string> = {
  stopped: 'A person stopped it.',
  timed_out: 'Its time was over.',
  budget: 'Its budget was spent.',
  ended_by_gate: 'The gate ended it.',
  interrupted: 'Tenure was closed while it ran.',
};

export interface RunDeps {
  spawner: Spawner;
  clock: Clock;
}

/**
 * Supervises one started CLI until its process tree is gone. A `result` ends a run, not the exit: the
 * process may hang after it, or go on with a further turn when background work comes back.
 */
export function superviseRun(
  { spawner, clock }: RunDeps,
  child: Child,
  spec: LaunchSpec,
  version: string,
  observe: (event: AgentEvent) => void,
): AgentRun {
  const { limits } = spec;
  const leader = child.identity;
  const tree = createTreeKeeper({ spawner, clock }, leader, spec.nonce);
  const reader = createReader({
    cwd: spec.cwd,
    resumed: spec.resume || spec.forkOf !== undefined,
    version,
    usedBefore: spec.usedBefore ?? null,
    observe: (event) => {
      // A call that fails now was ended by us: that says nothing of it, nor of the server behind it.
      if (event.type === 'tool_result' && !event.ok && kill !== null) return;
      // Said before its first call of a tool: what was started may not be what was looked at.
      const old = event.type === 'started' && event.version !== null ? tooOld('What was started', event.version) : null;
      if (old === null) observe(event);
      else end('launch_failed', old, limits.killMs);
    },
    onPrompt: (requestId) => child.write(refusalOf(requestId)),
  });
  const { reading } = reader;
  let cause: Ending | null = null;
  let hurry = false;
  let over = false;
  let lastLineWhole = true;
  let processes: { at: number; facts: ProcessFacts[] } | null = null;
  let dead = 0;
  let grace: Timer | null = null;
  let kill: { timer: Timer; due: number } | null = null;
  let giveUp: () => void = () => undefined;
  const gaveUp = new Promise<Exit>((resolve) => {
    giveUp = () => resolve({ exitCode: null, signal: null });
  });

  /** The first cause wins: what the signals that follow make of the process says nothing. */
  const end = (why: Ending['kind'], detail: string, killMs: number): void => {
    cause ??= { kind: why, detail, deferred: null, resetsAt: null };
    terminate(killMs);
  };

  const terminate = (killMs: number): void => {
    grace?.cancel();
    silence.rest();
    if (kill === null) void tree.look().then(() => spawner.signalGroup(leader, 'SIGTERM'));
    const due = clock.monotonic() + killMs;
    if (kill !== null && kill.due <= due) return;
    kill?.timer.cancel();
    const timer = clock.after(killMs, () => {
      spawner.signalGroup(leader, 'SIGKILL');
      if (kill) kill.timer = clock.after(GIVE_UP_MS, giveUp);
    });
    kill = { due, timer };
  };

  /** The ending that a result announces, as long as nothing else begins. */
  const announced = (): Ending | null =>
    reading.result !== null && !reading.turnOpen ? endingOfResult(reading.result, reading) : null;

  const onLimit = (seconds: number): void => {
    cause ??= announced(); // only background work was waited for
    if (!reading.spoke) return end('launch_failed', `It gave no sign of life for ${seconds} s.`, limits.killMs);
    const what = toolRuns() ? 'while a tool ran' : 'while no tool ran';
    end('stalled', `It was silent for ${seconds} s ${what}.`, limits.killMs);
  };

  const toolRuns = (): boolean => reading.running.size > 0 || reading.resuming;

  /** Who belongs to the run now; told whenever that has changed. */
  const look = async (): Promise<{ before: typeof processes; now: NonNullable<typeof processes> }> => {
    const before = processes;
    const facts = await tree.look();
    const known = tree.seen();
    const now = { at: clock.monotonic(), facts };
    if (before === null || now.at - before.at >= TELLING_MS) processes = now;
    const same = known.length === told.size && known.every(({ pid, startedAt }) => told.has(`${pid} ${startedAt}`));
    if (!same && !over) {
      told = new Set(known.map(({ pid, startedAt }) => `${pid} ${startedAt}`));
      observe({ type: 'tree', processes: known });
    }
    return { before, now };
  };
  let told: ReadonlySet<string> = new Set();

  const silence = createSilence({
    clock,
    limits,
    doing: () => (reading.spoke ? (toolRuns() ? 'tool' : 'thinking') : 'starting'),
    async evidence() {
      const { before, now } = await look();
      return stallEvidence(reading.lastTool, toolRuns(), before, now);
    },
    onStall: (stall) => observe({ type: 'stall', stall }),
    onLimit,
  });

  /** The heartbeat: an end that nobody told us is believed when it was seen twice; what cannot be told is not dead. */
  const heartbeat = clock.every(LOOK_EVERY_MS, () => {
    void look().then(() => silence.refresh());
    dead = spawner.probe(leader) === 'dead' ? dead + 1 : 0;
    if (dead === 2) giveUp();
  });

  const speak = (text: string, id?: string): void => {
    reading.turnOpen = true;
    child.write(promptLine(text, id));
  };

  /** The turn is over: says what the person has said meanwhile. False: there is nothing. */
  const sayNext = (): boolean => {
    const message = grace === null && cause === null ? spec.next?.() : null;
    if (message) speak(message.text, message.id);
    return Boolean(message);
  };

  const afterLine = (): void => {
    if (kill !== null) return;
    silence.sign();
    if (reading.repeated) {
      // It has that prompt already, so no turn begins by it.
      reading.repeated = false;
      reading.turnOpen = reading.result === null;
      if (reading.turnOpen) {
        if (!sayNext()) speak(CONTINUE);
        return silence.arm();
      }
    }
    if (reading.loginRefused) return end('auth_required', 'The service refused the login.', limits.killMs);
    if (announced()?.kind === 'completed' && sayNext()) return silence.arm();
    const ending = announced();
    // A further turn, which background work may start, would swallow the call that waits.
    if (ending?.kind === 'deferred' && reading.backgroundTasks > 0) {
      cause ??= ending;
      return terminate(limits.killMs);
    }
    if (ending === null || reading.backgroundTasks > 0) {
      grace?.cancel();
      grace = null;
      return silence.arm();
    }
    if (grace !== null) return;
    silence.rest();
    child.closeStdin();
    void look();
    grace = clock.after(limits.graceMs, () => terminate(limits.killMs));
  };

  const lines = createLineReader({
    onLine(text) {
      lastLineWhole = reader.take(text);
      afterLine();
    },
    onDropped(bytes) {
      observe({ type: 'line', text: JSON.stringify({ type: 'tenure_dropped_line', bytes }), isJson: true });
      afterLine();
    },
  });

  child.onStdout((chunk) => lines.push(chunk));
  child.onStderr((chunk) => {
    reading.stderr = (reading.stderr + chunk.toString('utf8')).slice(-STDERR_KEPT);
  });
  if (spec.prompt !== null) child.write(promptLine(spec.prompt, spec.promptId));
  const nudge = clock.after(Math.min(NUDGE_MS, limits.startupMs / 2), () => {
    if (spec.prompt === null && !reading.spoke) child.write(promptLine(CONTINUE));
  });

  const untilEnded = async (): Promise<AgentEnding> => {
    const exit = await Promise.race([child.exited, gaveUp]);
    await within(clock, hurry ? STOP.drainMs : DRAIN_MS, child.stdoutEnded);
    reading.cutOff = lines.end() && !lastLineWhole;
    over = true;
    silence.rest();
    for (const timer of [nudge, heartbeat, grace, kill?.timer]) timer?.cancel();
    const ending = cause ?? announced() ?? endingOfExit(exit, reading);
    const stillAlive = await (hurry ? tree.end(STOP.askMs, STOP.limitMs) : tree.end(limits.killMs / 2, limits.killMs));
    child.release();
    return { ...ending, stillAlive };
  };
  const ended = untilEnded();

  return {
    ended,
    callsInTurnOf: reader.callsInTurnOf,
    snooze: silence.snooze,
    async stop(why) {
      hurry = true;
      if (reading.backgroundTasks === 0) cause ??= announced();
      end(why, STOPPED[why], Math.min(limits.killMs, STOP.killMs));
      await ended;
    },
  };
}
