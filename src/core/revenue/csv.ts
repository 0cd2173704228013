import { createHash } from 'node:crypto';
import { parseAmount } from '../../shared/money.ts';
import { instantOf } from './weeks.ts';

/** A row as it would be entered. `key` is the same whenever the same row comes again. */
export interface CsvRow {
  line: number;
  key: string;
  at: number;
  asset: string;
  units: bigint;
  note: string | null;
}

export interface BadRow {
  line: number;
  text: string;
  reason: string;
}

export interface ParsedCsv {
  rows: CsvRow[];
  bad: BadRow[];
}

const COLUMNS = {
  date: ['date', 'day', 'time', 'at', 'created', 'timestamp', 'paid at', 'datum'],
  amount: ['amount', 'total', 'net', 'value', 'revenue', 'sum', 'betrag'],
  asset: ['currency', 'asset', 'unit', 'währung'],
  note: ['note', 'description', 'memo', 'details', 'subject', 'name', 'text'],
} as const;
type Column = keyof typeof COLUMNS;

/** Fields of a CSV with quotes (RFC 4180), each record with the line it begins on. */
export function records(text: string, separator: string): { line: number; fields: string[] }[] {
  const found: { line: number; fields: string[] }[] = [];
  let fields: string[] = [];
  let field = '';
  let quoted = false;
  let line = 1;
  let begun = 1;
  const end = () => {
    fields.push(field);
    if (fields.some((one) => one.trim() !== '')) found.push({ line: begun, fields });
    fields = [];
    field = '';
    begun = line;
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '\n') line += 1;
    if (quoted) {
      if (c !== '"') field += c;
      else if (text[i + 1] === '"') field += text[++i];
      else quoted = false;
    } else if (c === '"' && field.trim() === '') {
      quoted = true;
      field = '';
    } else if (c === separator) {
      fields.push(field);
      field = '';
    } else if (c === '\n') end();
    else if (c !== '\r') field += c;
  }
  end();
  return found;
}

function separatorOf(text: string): string {
  const first = text.slice(0, text.indexOf('\n') + 1 || undefined);
  const counts = [',', ';', '\t'].map((s) => [first.split(s).length, s] as const);
  return counts.sort((a, b) => b[0] - a[0])[0]?.[1] ?? ',';
}

function headerOf(fields: readonly string[]): Partial<Record<Column, number>> | null {
  const names = fields.map((field) => field.trim().toLowerCase());
  const found: Partial<Record<Column, number>> = {};
  for (const [column, known] of Object.entries(COLUMNS)) {
    const index = names.findIndex((name) => (known as readonly string[]).includes(name));
    if (index >= 0) found[column as Column] = index;
  }
  return found.date !== undefined && found.amount !== undefined ? found : null;
}

/** A day or an instant; a day is its beginning in that zone. A string: why it is none. */
export function readDate(text: string, timezone: string): number | string {
  const given = text.trim();
  const [, y, m, d] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(given) ?? [];
  const [, gd, gm, gy] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(given) ?? [];
  const [, a, b, sy] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(given) ?? [];
  if (a !== undefined && Number(a) <= 12 && Number(b) <= 12 && a !== b) {
    return `"${given}" can be two days; write it as ${sy}-MM-DD`;
  }
  const [year, month, day] =
    y !== undefined ? [y, m, d] : gy !== undefined ? [gy, gm, gd] : Number(a) > 12 ? [sy, b, a] : [sy, a, b];
  if (year !== undefined) {
    const wall = { year: Number(year), month: Number(month), day: Number(day), hour: 0, minute: 0, second: 0 };
    const real = new Date(Date.UTC(wall.year, wall.month - 1, wall.day));
    if (real.getUTCMonth() + 1 !== wall.month || real.getUTCDate() !== wall.day) return `"${given}" is no day`;
    return instantOf(wall, timezone);
  }
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(given)) {
    const at = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/i.test(given) ? given : '');
    if (Number.isFinite(at)) return at;
    const parts = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?$/
      .exec(given)
      ?.slice(1)
      .map((p) => Number(p ?? 0));
    const [wy = 0, wm = 0, wd = 0, hour = 0, minute = 0, second = 0] = parts ?? [];
    if (parts && wm <= 12 && wd <= 31 && hour < 24 && minute < 60) {
      return instantOf({ year: wy, month: wm, day: wd, hour, minute, second }, timezone);
    }
  }
  return given === '' ? 'it has no date' : `"${given.slice(0, 40)}" is no date; write it as YYYY-MM-DD`;
}

/** `$1,234.50`, `(3.10)`, `-3.10`, `1.234,50` as a plain number's text. */
function plainNumber(text: string): string {
  const bare = text
    .trim()
    .replace(/^\((.*)\)$/, '-$1')
    .replaceAll(/[$€£\s]/g, '')
    .replace('−', '-');
  if (/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare)) return bare.replaceAll(',', '');
  if (/^[+-]?\d{1,3}(\.\d{3})+,\d+$/.test(bare)) return bare.replaceAll('.', '').replace(',', '.');
  if (/^[+-]?\d+,\d{1,2}$/.test(bare)) return bare.replace(',', '.');
  return bare;
}

interface CsvOptions {
  /** What an amount is in when the row does not say. */
  asset: string;
  timezone: string;
  decimals(asset: string): number;
  now: number;
}

/**
 * Reads a CSV with a date and an amount a row, and perhaps a currency and a note; by its header, else in that
 * order. A row that cannot be read is named with its line and the reason; it never spoils the others.
 */
export function parseCsv(text: string, { asset, timezone, decimals, now }: CsvOptions): ParsedCsv {
  const bare = text.replace(/^\uFEFF/, '');
  const all = records(bare, separatorOf(bare));
  const header = headerOf(all[0]?.fields ?? []);
  const columns: Partial<Record<Column, number>> = header ?? { date: 0, amount: 1, note: 2 };
  const seen = new Map<string, number>();
  const parsed: ParsedCsv = { rows: [], bad: [] };
  for (const { line, fields } of header ? all.slice(1) : all) {
    const field = (column: Column): string => {
      const index = columns[column];
      return index === undefined ? '' : (fields[index]?.trim() ?? '');
    };
    const bad = (reason: string): void =>
      void parsed.bad.push({ line, text: fields.join(', ').slice(0, 120), reason: `Line ${line}: ${reason}.` });
    const at = readDate(field('date'), timezone);
    if (typeof at === 'string') bad(at);
    else if (at > now + 86_400_000) bad(`"${field('date')}" lies in the future`);
    else {
      const unit = field('asset').toUpperCase() || asset;
      const units = parseAmount(plainNumber(field('amount')), decimals(unit));
      if (!/^[A-Z][A-Z0-9]{1,9}$/.test(unit)) bad(`"${unit.slice(0, 20)}" is no currency`);
      else if (units === null)
        bad(field('amount') === '' ? 'it has no amount' : `"${field('amount').slice(0, 40)}" is no amount`);
      else {
        const note = field('note').slice(0, 300) || null;
        const same = `${at}|${units}|${unit}|${note ?? ''}`;
        // Two rows that are alike in one file are two; the same file again adds neither.
        const nth = (seen.get(same) ?? 0) + 1;
        seen.set(same, nth);
        const key = `c:${createHash('sha256').update(`${same}|${nth}`).digest('base64url').slice(0, 22)}`;
        parsed.rows.push({ line, key, at, asset: unit, units, note });
      }
    }
  }
  return parsed;
}
