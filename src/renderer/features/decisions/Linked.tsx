import { useQuery } from '../../hooks/use-query.ts';
import { Problem } from '../../ui/Field.tsx';
import { Nothing } from '../../ui/Screen.tsx';
import { DecisionItem } from './DecisionItem.tsx';

/** What a link leads to that does not wait any more: it was answered meanwhile, or there never was any. */
export function Linked({ id, version }: { id: string; version: string }) {
  const { data, error } = useQuery('decisions.page', { id, limit: 1 }, version);
  const [decision] = data?.decisions ?? [];
  if (!data) return <Problem text={error} />;
  return decision ? (
    <ul className="card" aria-label="The decision of the link">
      <DecisionItem decision={decision} unfolded />
    </ul>
  ) : (
    <Nothing>There is no decision “{id}”.</Nothing>
  );
}
