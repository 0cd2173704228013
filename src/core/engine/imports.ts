import { recordsDir } from '../drivers/claude/records.ts';
import { createImports } from '../imports/service.ts';
import type { TenurePaths } from '../kernel/paths.ts';
import type { AgentEnvironment, Clock, Spawner } from '../kernel/ports.ts';
import type { Projects } from '../projects/service.ts';
import type { Sessions } from '../sessions/service.ts';
import { partsOf } from '../transcripts/lines.ts';

export interface ImportOptions {
  clock: Clock;
  spawner: Spawner;
  environment: AgentEnvironment;
  paths: TenurePaths;
  projects: Projects;
  sessions: Sessions;
}

/** What runs in terminals beside Tenure: the person's own Claude Code, asked and read, never touched. */
export function createTerminalSessions({ clock, spawner, environment, paths, projects, sessions }: ImportOptions) {
  return createImports({
    clock,
    spawner,
    async claude() {
      const [{ path }, env] = await Promise.all([environment.findClaude(), environment.forAgent()]);
      return { path, env, records: recordsDir(env) };
    },
    projects: projects.list,
    isOwn: sessions.isConversation,
    ownDir: paths.dataDir,
    partsOf: (line) => partsOf(line).map(({ kind, title, text, failed }) => ({ kind, title, text: text(), failed })),
  });
}
