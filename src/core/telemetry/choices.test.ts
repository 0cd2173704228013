import { beforeEach, describe, expect, it } from 'vitest';
import { insertProject, insertSession } from '../../../test/builders.ts';
import { spawnFacts, type TelemetryRig, telemetryRig } from '../../../test/telemetry-rig.ts';
import { createJournal } from '../kernel/journal.ts';
import { createModelChoices } from './choices.ts';

let rig: TelemetryRig;
beforeEach(() => {
  rig = telemetryRig();
});

describe('models', () => {
  const setup = (model: string | null, configured: Record<string, string> = {}) => {
    const projectId = insertProject(rig.database.db);
    const project = { model };
    const choices = createModelChoices({
      db: rig.database.db,
      journal: createJournal(rig.database.db, rig.clock, () => undefined),
      clock: rig.clock,
      configured: (caste) => configured[caste] ?? null,
      project: () => project,
      setDefault: (_id, next) => {
        project.model = next;
      },
    });
    return { projectId, project, choices };
  };

  it('goes by override, project, role, agent, and says which', () => {
    const { projectId, project, choices } = setup('opus', { session: 'sonnet', judge: 'haiku' });
    expect(choices.forSession(projectId, 'fable', 'Fix it')).toMatchObject({ model: 'fable', source: 'user-override' });
    expect(choices.forSession(projectId, null, 'Fix it')).toMatchObject({ model: 'opus', source: 'project-default' });
    project.model = null;
    expect(choices.forSession(projectId, null, 'Fix it')).toMatchObject({ model: 'sonnet', source: 'caste-default' });
    expect(choices.forRole('judge')).toEqual({ model: 'haiku', source: 'caste-default' });
    expect(choices.forRole('brain')).toEqual({ model: null, source: 'fallback' });
  });

  it('suggests from the record, changes nothing by itself, and follows at a click', () => {
    const { projectId, project, choices } = setup('opus');
    const many = (n: number, outcome: 'completed' | 'failed', model: string, ran: string): void => {
      for (let i = 0; i < n; i += 1) {
        rig.telemetry.ended(rig.telemetry.began(spawnFacts({ model })), {
          outcome,
          model: ran,
          usage: { costUsd: 0.5 },
        });
      }
    };
    many(9, 'completed', 'opus', 'claude-opus-4');
    many(5, 'failed', 'opus', 'claude-opus-4');
    many(14, 'completed', 'sonnet', 'claude-sonnet-4');
    expect(choices.suggestions(projectId)).toMatchObject([{ taskClass: 'fix', model: 'claude-sonnet-4' }]);
    expect(project.model).toBe('opus');
    expect(() => choices.follow({ projectId, taskClass: 'docs', model: 'claude-sonnet-4' })).toThrow(
      /does not suggest/,
    );

    choices.follow({ projectId, taskClass: 'fix', model: 'claude-sonnet-4' });
    expect(project.model).toBe('claude-sonnet-4');
    const sessionId = insertSession(rig.database.db, { projectId });
    choices.remember(sessionId, choices.forSession(projectId, null, 'Fix it'));
    expect(choices.shown(sessionId, projectId)).toMatchObject({
      sentence: 'claude-sonnet-4: suggested, 14 of 14 against 9 of 14',
      source: 'suggestion',
      suggestion: null,
    });
    expect(choices.suggestions(projectId)).toEqual([]);
  });
});
