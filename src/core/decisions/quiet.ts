/** When the quiet hours that hold now end; null: none hold. By the same calendar as schedules, so that DST is right. */
export function quietEnds(
  hours: { from: string; to: string } | null,
  next: (expression: string, timezone: string, from: number) => number | null,
  timezone: string,
  now: number,
): number | null {
  if (hours === null || hours.from === hours.to) return null;
  const at = (time: string): number | null => {
    const [hour, minute] = time.split(':').map(Number);
    return next(`${minute} ${hour} * * *`, timezone, now);
  };
  const [begins, ends] = [at(hours.from), at(hours.to)];
  // They hold when their end comes before their next beginning.
  return begins !== null && ends !== null && ends < begins ? ends : null;
}
