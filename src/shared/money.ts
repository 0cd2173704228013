/**
 * Money is whole numbers inside: atomic units of an asset (bigint, on the wire a decimal string) and
 * micro-dollars (a safe integer). It becomes words here and nowhere else.
 */

/** Decimals of one whole unit: an XMR is 10¹² atomic units, a dollar 10⁶ micro-dollars. */
export const ASSET_DECIMALS: Readonly<Record<string, number>> = { USD: 6, XMR: 12, BTC: 8, ETH: 18, LTC: 8 };
const OTHER_DECIMALS = 6;

export const USD = 'USD';
export const MICRO = 1_000_000;

/** How many decimals an asset is kept with; 6 for one that nobody named. */
export const decimalsOf = (asset: string): number => ASSET_DECIMALS[asset] ?? OTHER_DECIMALS;

/**
 * `12.40` as atomic units, exactly. Null when it is no plain decimal number, or has more decimals than
 * the asset: nothing is rounded away. An exponent (`1e3`) is no amount that a person would mean.
 */
export function parseAmount(text: string, decimals: number): bigint | null {
  const match = /^(?<sign>[+-]?)(?<whole>\d{1,15})(?:\.(?<part>\d{1,18}))?$/.exec(text.trim());
  if (!match?.groups) return null;
  const { sign, whole = '0', part = '' } = match.groups;
  const kept = part.replace(/0+$/, '');
  if (kept.length > decimals) return null;
  const units = BigInt(whole) * 10n ** BigInt(decimals) + BigInt(kept.padEnd(decimals, '0') || '0');
  return sign === '-' ? -units : units;
}

/** Atomic units as a plain decimal number without needless zeros: `0.4213`. */
export function plainAmount(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const part = decimals === 0 ? '' : digits.slice(-decimals).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${part && `.${part}`}`;
}

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',');

/** `0.421342 XMR`, cut to what a person reads: six decimals, and never shown as nothing when it is something. */
export function amountWords(units: bigint, asset: string): string {
  if (asset === USD) return usd(Number(units));
  const plain = plainAmount(units < 0n ? -units : units, decimalsOf(asset));
  const [whole = '0', part = ''] = plain.split('.');
  const shown = part.slice(0, 6).replace(/0+$/, '');
  const sign = units < 0n ? '−' : '';
  if (whole === '0' && shown === '' && part !== '') return `${sign}<0.000001 ${asset}`;
  return `${sign}${grouped(whole)}${shown && `.${shown}`} ${asset}`;
}

/** Micro-dollars: `$12.40`, `<$0.01`, `−$3.10`, `$1,204.55`. */
export function usd(micro: number): string {
  const size = Math.abs(micro);
  const sign = micro < 0 ? '−' : '';
  if (size > 0 && size < MICRO / 100) return `${sign}<$0.01`;
  const cents = Math.round(size / (MICRO / 100));
  return `${sign}$${grouped(String(Math.floor(cents / 100)))}.${String(cents % 100).padStart(2, '0')}`;
}

/** A price that may be far below a cent: `$0.0012`. */
export function usdExact(micro: number): string {
  const plain = plainAmount(BigInt(Math.round(micro)), 6);
  const [whole = '0', part = ''] = plain.replace('-', '').split('.');
  return `${micro < 0 ? '−' : ''}$${grouped(whole)}.${part.padEnd(2, '0')}`;
}

/**
 * What an amount was worth: micro-dollars, rounded half away from zero. Null when it is beyond what is
 * counted exactly (2⁵³).
 * @param price micro-dollars of one whole unit.
 */
export function worth(units: bigint, decimals: number, price: number): number | null {
  const unit = 10n ** BigInt(decimals);
  const twice = units * BigInt(price) * 2n;
  const rounded = (twice + (twice < 0n ? -unit : unit)) / (unit * 2n);
  const micro = Number(rounded);
  return Number.isSafeInteger(micro) ? micro : null;
}
