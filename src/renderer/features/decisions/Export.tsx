import { useState } from 'react';
import type { HistoryFilter } from '../../../shared/contract/history.ts';
import { count } from '../../../shared/format.ts';
import { call, sentenceOf } from '../../api.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { saveCsv } from '../../ui/save.ts';
import { say } from '../../ui.ts';
import { csvOf } from './history.ts';

const MOST_EXPORTED = 100_000;
const EXPORT_PAGE = 1_000;

/** What the filters show, as a file. */
export function Export({ filter, total }: { filter: HistoryFilter; total: number }) {
  const [state, setState] = useState<{ busy: boolean; error: string | null }>({ busy: false, error: null });
  const save = async () => {
    setState({ busy: true, error: null });
    try {
      const found = [];
      for (let offset = 0; offset < Math.min(total, MOST_EXPORTED); offset += EXPORT_PAGE) {
        found.push(...(await call('decisions.page', { ...filter, offset, limit: EXPORT_PAGE })).decisions);
      }
      saveCsv('decisions.csv', csvOf(found));
      const whole = found.length < total ? ` of ${count(total, 'decision')}, the newest,` : '';
      say(`${count(found.length, 'decision')}${whole} saved as CSV.`);
      setState({ busy: false, error: null });
    } catch (error) {
      setState({ busy: false, error: sentenceOf(error) });
    }
  };
  return (
    <>
      <Button busy={state.busy} why={total === 0 ? 'There is nothing to export.' : null} onClick={() => void save()}>
        Export CSV
      </Button>
      <Problem text={state.error} />
    </>
  );
}
