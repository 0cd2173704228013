import { expect, test } from 'vitest';
import { decision } from '../../../../test/fakes/electron/engine.ts';
import { STAGES } from '../../../shared/decision-stage.ts';
import { CHIPS, csvOf } from './history.ts';

test('every stage has a chip, and only one', () => {
  const shown = Object.values(CHIPS).flatMap((stages) => stages ?? []);
  expect(shown.toSorted()).toEqual([...STAGES].toSorted());
});

test('CSV survives quotes, line breaks and formulas', () => {
  const csv = csvOf([
    decision({
      action: { tool: 'Bash', summary: 'echo "a, b"\nx', detail: '', cwd: '/' },
      answerReason: '=HYPERLINK("x")',
    }),
  ]);
  const [head, ...rest] = csv.split('\r\n');
  expect(head?.split(',')).toHaveLength(16);
  expect(rest.join('\r\n')).toContain('"echo ""a, b""\nx"');
  expect(csv).toContain(`"'=HYPERLINK(""x"")"`);
});
