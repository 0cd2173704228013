const LONGEST = 200;

/** What a link may name, and the screen that shows it; those with `one` need the id of one thing. */
const PLACES: Readonly<Record<string, { screen: string; one: 'needed' | 'never' }>> = {
  open: { screen: '', one: 'never' },
  decision: { screen: 'decisions', one: 'needed' },
  decisions: { screen: 'decisions', one: 'never' },
  session: { screen: 'sessions', one: 'needed' },
  sessions: { screen: 'sessions', one: 'never' },
  service: { screen: 'services', one: 'needed' },
  services: { screen: 'services', one: 'never' },
  trust: { screen: 'trust', one: 'never' },
  agents: { screen: 'agents', one: 'never' },
  projects: { screen: 'projects', one: 'never' },
  usage: { screen: 'usage', one: 'never' },
  revenue: { screen: 'revenue', one: 'never' },
  schedule: { screen: 'schedule', one: 'never' },
  activity: { screen: 'activity', one: 'never' },
  health: { screen: 'health', one: 'never' },
  settings: { screen: 'settings', one: 'never' },
};

/** Ids are ours: letters, digits, `_` and `-`. Nothing else is passed on. */
const LINK = /^tenure:\/\/([a-z]{1,20})(?:\/([\w-]{1,64}))?\/?$/;

/**
 * The hash of the screen that a `tenure://…` link shows; `''` for the window as it is, null for what is no
 * link of ours. Anybody can make a person click a link, so it only ever shows, and carries nothing but the
 * name of a place.
 */
export function placeOf(link: string): string | null {
  if (link.length > LONGEST) return null;
  const [, name = '', id] = LINK.exec(link) ?? [];
  const place = Object.hasOwn(PLACES, name) ? PLACES[name] : undefined;
  if (place === undefined || (place.one === 'needed') !== (id !== undefined)) return null;
  return place.screen === '' ? '' : `#/window/${place.screen}${id === undefined ? '' : `/${id}`}`;
}

/** The first link among the arguments of a program, as Linux passes one on; null when there is none. */
export function linkIn(argv: readonly string[]): string | null {
  return argv.find((arg) => arg.startsWith('tenure://')) ?? null;
}
