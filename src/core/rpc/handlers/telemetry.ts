import type { telemetryMethods } from '../../../shared/contract/telemetry.ts';
import type { Sessions } from '../../sessions/service.ts';
import type { ModelChoices } from '../../telemetry/choices.ts';
import type { Telemetry } from '../../telemetry/service.ts';
import type { Handlers } from '../dispatch.ts';

export interface TelemetryServices {
  telemetry: Telemetry;
  models: ModelChoices;
  sessions: Sessions;
}

/** The record of spawns and the choice of models. */
export function telemetryHandlers(s: TelemetryServices): Pick<Handlers, keyof typeof telemetryMethods> {
  return {
    'telemetry.summary': (range) => s.telemetry.summary(range),
    'telemetry.model': (input) => s.telemetry.model(input),
    'telemetry.routing': (range) => s.telemetry.routing(range),
    'telemetry.export': () => s.telemetry.export(),
    'telemetry.write': () => s.telemetry.write(),
    'telemetry.correct': (input, caller) => s.telemetry.correct({ ...input, by: caller.name }),
    'models.choice': ({ sessionId }) => s.models.shown(sessionId, s.sessions.detail(sessionId).projectId),
    'models.suggestions': ({ projectId }) => s.models.suggestions(projectId),
    'models.follow': (input) => s.models.follow(input),
  };
}
