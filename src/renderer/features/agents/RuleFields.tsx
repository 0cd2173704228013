import { TIER_RIGHTS, TIERS } from '../../../shared/tiers.ts';
import { Field } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { Table } from '../../ui/Table.tsx';
import { POINT_ROWS, SINGLES, type Texts, TIER_ROWS } from './rules.ts';

interface RuleFieldsProps {
  texts: Texts;
  onChange: (key: string, text: string) => void;
}

const TIER_COLUMNS = [
  ['from', 'From'],
  ['rate', 'Sure share'],
  ['tasks', 'Good tasks'],
  ['days', 'Days'],
] as const;

/** Every rule as a field: what was seen and its points, what each tier takes, and the few others. */
export function RuleFields({ texts, onChange }: RuleFieldsProps) {
  const cell = (key: string, label: string) => (
    <input
      aria-label={label}
      value={texts[key] ?? ''}
      onChange={(event) => onChange(key, event.target.value)}
      inputMode="decimal"
      className="field w-14 tabular-nums"
    />
  );
  return (
    <>
      <Table
        name="Points, and the days in which they fade"
        caption="Points, and the days in which they fade"
        head={['What was seen', 'Points', 'Days']}
      >
        {POINT_ROWS.map(({ kind, name }) => (
          <tr key={kind}>
            <th scope="row" className="w-full align-middle font-normal">
              {name}
            </th>
            <td>{cell(`points.${kind}.points`, `${name}: points`)}</td>
            <td>{cell(`points.${kind}.days`, `${name}: days`)}</td>
          </tr>
        ))}
      </Table>
      <Table
        name="What it takes to enter a tier"
        caption="What it takes to enter a tier"
        head={['Tier', ...TIER_COLUMNS.map(([, name]) => name)]}
      >
        {TIER_ROWS.map((tier) => (
          <tr key={tier}>
            <th scope="row" className="w-full align-middle font-normal">
              {TIER_RIGHTS[tier].name}
            </th>
            {TIER_COLUMNS.map(([key, name]) => (
              <td key={key}>{cell(`tiers.${tier}.${key}`, `${TIER_RIGHTS[tier].name}: ${name.toLowerCase()}`)}</td>
            ))}
          </tr>
        ))}
      </Table>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] gap-3">
        {SINGLES.map(([key, label, hint]) => (
          <Field key={key} label={label} hint={hint}>
            {(control) => (
              <input
                {...control}
                value={texts[key] ?? ''}
                onChange={(event) => onChange(key, event.target.value)}
                inputMode="decimal"
                className="field"
              />
            )}
          </Field>
        ))}
        <Choice label="Points fade" of="decay" options={['linear', 'exponential']} texts={texts} onChange={onChange} />
        <Choice label="A violation holds at" of="violationCeiling" options={TIERS} texts={texts} onChange={onChange} />
        <Choice
          label="A new version holds at"
          of="probation.ceiling"
          options={TIERS}
          texts={texts}
          onChange={onChange}
        />
      </div>
    </>
  );
}

function Choice({
  label,
  of,
  options,
  texts,
  onChange,
}: RuleFieldsProps & { label: string; of: string; options: readonly string[] }) {
  return (
    <Field label={label}>
      {(control) => (
        <Select
          {...control}
          value={texts[of] ?? ''}
          options={options.map((option) => [
            option,
            option in TIER_RIGHTS ? TIER_RIGHTS[option as keyof typeof TIER_RIGHTS].name : option,
          ])}
          onChange={(chosen) => onChange(of, chosen)}
        />
      )}
    </Field>
  );
}
