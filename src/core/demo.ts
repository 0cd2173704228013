import { mkdirSync } from 'node:fs';
import type { Engine } from './engine.ts';
import type { TenurePaths } from './kernel/paths.ts';

/** The demo's own defaults: thresholds that a person can reach while watching; everything else is as in real life. */
export const DEMO_DEFAULTS = {
  trust: {
    promotionCheckCron: '* * * * *',
    thresholds: {
      cautious_to_moderate: { minSessions: 2, minAvgScore: 3, minDaysAtLevel: 0, minEvaluations: 1 },
      moderate_to_full: { minSessions: 3, minAvgScore: 3.5, minDaysAtLevel: 0, minEvaluations: 2 },
    },
  },
};

const CALLER = { owner: true, name: 'the demo' };

/** Where the sample repository is: beside the demo's own data, never inside it. */
export const sampleDirOf = (paths: TenurePaths): string => `${paths.home}-sample`;

/** At the demo's very first start: a project, a level at which something is asked, and a first session. */
export async function furnishDemo(engine: Engine, paths: TenurePaths): Promise<void> {
  if ((await engine.call('projects.list', {}, CALLER)).length > 0) return;
  const directory = sampleDirOf(paths);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const sample = await engine.makeSample(directory);
  const project = await engine.call('projects.add', sample, CALLER);
  await engine.call('trust.setLevel', { level: 'cautious', reason: 'The demo begins here.' }, CALLER);
  await engine.call('sessions.launch', { projectId: project.id }, CALLER);
}
