import type { Activity } from '../../activity/service.ts';
import type { Handlers } from '../dispatch.ts';

/** The log of everything. */
export function activityHandlers(activity: Activity) {
  return { 'activity.list': (filter) => activity.list(filter) } satisfies Partial<Handlers>;
}
