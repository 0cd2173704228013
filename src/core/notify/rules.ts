import { told } from '../../shared/asks.ts';
import type { Telling } from '../../shared/contract/notifications.ts';
import { firstOf } from '../../shared/format.ts';
import type { News } from '../../shared/news.ts';

/** Most lines of a digest; the rest is counted. */
const DIGEST_LINES = 4;

/** What a channel shows of a piece of news. Private mode tells that there is something, not what. */
export function tellingOf(news: News, isPrivate: boolean): Telling {
  const { title, body, place } = news;
  const id = `news:${news.id}`;
  return isPrivate
    ? { id, title: 'Tenure', body: 'There is something to look at.', place }
    : { id, title: told(title), body: told(body), place };
}

/**
 * What was held back, as few notifications as say it: newer news of a thing stand for older ones, and
 * several become one.
 */
export function digestOf(held: readonly News[], isPrivate: boolean): Telling | null {
  const news = [...new Map(held.map((one) => [one.id, one])).values()];
  const [first] = news;
  if (first === undefined) return null;
  if (news.length === 1) return tellingOf(first, isPrivate);
  const lines = news.map(({ title }) => told(title));
  const body = isPrivate ? 'There are things to look at.' : firstOf(lines, DIGEST_LINES).join('\n');
  return {
    id: 'news:digest',
    title: isPrivate ? 'Tenure' : `${news.length} things happened`,
    body,
    place: first.place,
  };
}
