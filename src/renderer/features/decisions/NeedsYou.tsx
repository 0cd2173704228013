import { useMemo } from 'react';
import type { Service } from '../../../shared/contract/services.ts';
import { useProgressive } from '../../hooks/use-progressive.ts';
import { useMirror } from '../../mirror.ts';
import { Section } from '../../ui/Section.tsx';
import { RestartCard } from '../services/RestartCard.tsx';
import { PromotionCard } from '../trust/PromotionCard.tsx';
import { AskCard } from './AskCard.tsx';

const FIRST = 4;
const NO_SERVICES: readonly Service[] = [];

interface NeedsYouProps {
  ids: readonly string[];
  version: number;
  /** Only the questions: something is looked for. */
  alone?: boolean;
}

/** What waits for the person: the promotion, then the questions. */
export function NeedsYou({ ids, version, alone = false }: NeedsYouProps) {
  const decisions = useMirror((snapshot) => snapshot.decisions);
  const promotion = useMirror((snapshot) => snapshot.trust.promotion);
  const byId = useMemo(() => new Map(decisions.map((decision) => [decision.id, decision])), [decisions]);
  const shown = useProgressive(ids, FIRST);
  const services = useMirror((snapshot) => (alone ? NO_SERVICES : snapshot.services));
  const restarts = services.flatMap(({ restarting }) => (restarting?.state === 'proposed' ? [restarting] : []));
  const promoting = !alone && promotion?.state === 'open';
  const waiting = ids.filter((id) => byId.get(id)?.state === 'pending').length + Number(promoting) + restarts.length;
  if (ids.length === 0 && !promoting && restarts.length === 0) return null;
  return (
    <Section title="Needs you" figure={String(waiting)}>
      <div data-arm={version === 0 ? undefined : version % 2} className="flex flex-col gap-2">
        {promoting && <PromotionCard promotion={promotion} />}
        {restarts.map((restart) => (
          <RestartCard key={restart.id} restart={restart} />
        ))}
        {shown.map((id) => {
          const decision = byId.get(id);
          return decision && <AskCard key={id} decision={decision} />;
        })}
      </div>
    </Section>
  );
}
