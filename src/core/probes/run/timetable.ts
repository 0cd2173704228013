import type { Clock, Timer } from '../../kernel/ports.ts';

/** Later than this, the machine slept or was stopped: what is overdue is spread anew. */
const SLEPT_MS = 5_000;
/** So much before its time a check may start. */
const EARLY_MS = 0.5;
/** The least time between two starts of overdue checks. */
const APART_MS = 100;

interface Entry {
  id: string;
  /** Monotonic ms. */
  due: number;
  intervalMs: number;
  /** Where it stands in the heap; -1 while its check runs. */
  place: number;
  /** It was asked for while it ran, or is to be taken out. */
  again: boolean;
}

interface TimetableDeps {
  clock: Clock;
  /** The most that run at once. */
  concurrency(): number;
  /** One check. Must not reject. */
  run(id: string): Promise<void>;
}

/**
 * When each service is due: one heap and one timer for all of them. A check keeps its cadence whatever it
 * took, never overlaps itself, and one that is late is not made up for.
 */
export function createTimetable({ clock, concurrency, run }: TimetableDeps) {
  const entries = new Map<string, Entry>();
  const heap: Entry[] = [];
  let running = 0;
  let started = false;
  let timer: Timer | null = null;
  let armedFor = Number.POSITIVE_INFINITY;

  const swap = (a: number, b: number): void => {
    const [x, y] = [heap[a], heap[b]];
    if (!x || !y) return;
    heap[a] = y;
    heap[b] = x;
    y.place = a;
    x.place = b;
  };
  const dueAt = (place: number): number => heap[place]?.due ?? Number.POSITIVE_INFINITY;
  function sift(from: number): void {
    let at = from;
    while (at > 0 && dueAt(at) < dueAt((at - 1) >> 1)) {
      swap(at, (at - 1) >> 1);
      at = (at - 1) >> 1;
    }
    for (;;) {
      const left = 2 * at + 1;
      const least = dueAt(left + 1) < dueAt(left) ? left + 1 : left;
      if (dueAt(least) >= dueAt(at)) return;
      swap(at, least);
      at = least;
    }
  }
  function put(entry: Entry): void {
    entry.place = heap.push(entry) - 1;
    sift(entry.place);
  }
  function take(entry: Entry): void {
    const { place } = entry;
    if (place < 0) return;
    swap(place, heap.length - 1);
    heap.pop();
    entry.place = -1;
    if (place < heap.length) sift(place);
  }

  function arm(): void {
    const due = dueAt(0);
    if (!started || running >= concurrency() || due === armedFor) return;
    timer?.cancel();
    armedFor = due;
    // Whole milliseconds, upward: a timer that fires just before its time would only be armed once more.
    const left = Math.ceil(due - clock.monotonic() - EARLY_MS);
    timer = Number.isFinite(due) ? clock.after(Math.max(0, left), beat) : null;
  }

  function beat(): void {
    timer = null;
    armedFor = Number.POSITIVE_INFINITY;
    if (!started) return;
    const now = clock.monotonic();
    if (now - dueAt(0) > SLEPT_MS && running === 0) spread(now);
    while (running < concurrency() && dueAt(0) <= now + EARLY_MS) {
      const [entry] = heap;
      if (!entry) break;
      take(entry);
      begin(entry);
    }
    arm();
  }

  function begin(entry: Entry): void {
    running += 1;
    entry.again = false;
    void run(entry.id).finally(() => {
      running -= 1;
      if (entries.get(entry.id) === entry) {
        const now = clock.monotonic();
        const missed = Math.max(0, Math.ceil((now - entry.due) / entry.intervalMs) - 1);
        entry.due = entry.again ? now : entry.due + entry.intervalMs * (missed + 1);
        put(entry);
      }
      arm();
    });
  }

  /** What is overdue, one after the other, within the interval of each where that is long enough. */
  function spread(now: number): void {
    const late = heap.filter((entry) => entry.due <= now).toSorted((a, b) => a.due - b.due);
    for (const [n, entry] of late.entries()) {
      take(entry);
      entry.due = now + Math.max(n * APART_MS, (n / late.length) * entry.intervalMs);
      put(entry);
    }
  }

  return {
    /** @param firstInMs until its first check; its place in the cadence from then on. */
    set(id: string, intervalMs: number, firstInMs: number): void {
      const known = entries.get(id);
      if (known) take(known);
      const entry: Entry = { id, intervalMs, due: clock.monotonic() + firstInMs, place: -1, again: false };
      entries.set(id, entry);
      put(entry);
      arm();
    },
    remove(id: string): void {
      const entry = entries.get(id);
      if (entry) take(entry);
      entries.delete(id);
      arm();
    },
    /** Brings its next check forward; one that runs is followed by another. */
    soon(id: string): void {
      const entry = entries.get(id);
      if (!entry) return;
      if (entry.place < 0) {
        entry.again = true;
        return;
      }
      take(entry);
      entry.due = Math.min(entry.due, clock.monotonic());
      put(entry);
      arm();
    },
    /** The machine woke: what is overdue is spread. */
    wake(): void {
      if (!started) return;
      spread(clock.monotonic());
      armedFor = Number.NaN;
      arm();
    },
    start(): void {
      started = true;
      arm();
    },
    stop(): void {
      started = false;
      timer?.cancel();
      timer = null;
      armedFor = Number.POSITIVE_INFINITY;
    },
  };
}
