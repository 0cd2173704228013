import type { RestartRecord } from '../../../shared/contract/incidents.ts';
import { budgetWords } from '../../../shared/service-words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { Button } from '../../ui/Button.tsx';
import { Command } from '../../ui/Command.tsx';
import { Problem } from '../../ui/Field.tsx';

/** A restart that waits for a yes: what, why, and what is left of the budget. */
export function RestartCard({ restart }: { restart: RestartRecord }) {
  const { serviceId: id, service, reason } = restart;
  const yes = useAct('services.restart');
  const no = useAct('services.declineRestart');
  const away = useAway();
  return (
    <article
      data-item
      tabIndex={-1}
      aria-label={`Restart ${service}?`}
      className="card flex flex-col gap-2 border-human-line p-3"
    >
      <p>
        <span className="font-strong">Restart {service}?</span> <span className="text-ink-2">It is down. {reason}</span>
      </p>
      <Command text={restart.action} label="What runs" />
      <p className="text-small text-ink-3">Unasked: {budgetWords(restart)}.</p>
      <Problem text={yes.error ?? no.error} />
      <div className="flex gap-2">
        <Button kind="primary" className="arm" busy={yes.busy} why={away} onClick={() => void yes.run({ id })}>
          Restart
        </Button>
        <Button className="arm" busy={no.busy} why={away} onClick={() => void no.run({ id })}>
          Not now
        </Button>
      </div>
    </article>
  );
}
