import type { Reviews } from '../../reviews/service.ts';
import type { Handlers } from '../dispatch.ts';

/** What a person says to lines of a session's work. */
export function reviewHandlers({ reviews }: { reviews: Reviews }) {
  return {
    'reviews.list': ({ sessionId }) => reviews.list(sessionId),
    'reviews.save': (input) => reviews.save(input),
    'reviews.remove': ({ id }) => reviews.remove(id),
    'reviews.send': ({ sessionId }) => reviews.send(sessionId),
  } satisfies Partial<Handlers>;
}
