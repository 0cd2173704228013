import type { Handlers } from '../dispatch.ts';
import type { Services } from '../handlers.ts';
import { partSettings } from './part-settings.ts';

/** The level, what it was earned with, by which rules, and the owner's acts on it. */
export function trustHandlers({ trust, agents, settings }: Pick<Services, 'trust' | 'agents' | 'settings'>) {
  const part = partSettings(settings, 'trust');
  const inForce = () => ({ settings: settings.current().trust, defaults: settings.defaults().trust });
  return {
    'trust.get': () => trust.get(),
    'trust.history': () => trust.history(),
    'trust.scores': ({ limit }) => trust.scores(limit),
    'trust.events': ({ limit, offset }) => trust.events(limit, offset),
    'trust.shadows': ({ limit }) => trust.shadows.list(limit),
    'trust.markShadow': ({ decisionId, agrees }, caller) => trust.shadows.mark(decisionId, agrees, caller.name),
    'trust.context': () => ({ text: trust.context() }),
    'trust.preview': ({ changes }) => trust.preview(settings.draft(changes).trust),
    'trust.check': () => ({ promotion: trust.check() }),
    'trust.setLevel': ({ level, reason, override }, caller) =>
      trust.setLevel({ level, by: caller.name, reason, override }),
    'trust.report': ({ kind, text, sessionId }, caller) =>
      trust.report({ kind, text, sessionId: sessionId ?? null, by: caller.name }),
    'trust.approvePromotion': ({ id }, caller) => trust.approvePromotion({ id, by: caller.name }),
    'trust.declinePromotion': ({ id, reason, askAgainAt }, caller) =>
      trust.declinePromotion({ id, by: caller.name, reason, askAgainAt }),
    'trust.settings': () => inForce(),
    'trust.set': ({ changes }, caller) => {
      part.set(changes, caller.name);
      return inForce();
    },
    'trust.reset': ({ keys }, caller) => {
      part.reset(keys, caller.name);
      return inForce();
    },
    'trust.previewSettings': ({ changes }) => {
      const draft = settings.draft(part.changesOf(changes)).trust;
      return { level: trust.preview(draft), agents: agents.preview(draft.score) };
    },
  } satisfies Partial<Handlers>;
}
