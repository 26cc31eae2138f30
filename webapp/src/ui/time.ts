const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const clockSeconds = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const dayThisYear = new Intl.DateTimeFormat(undefined, { weekday: 'long', month: 'long', day: 'numeric' });
const dayWithYear = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'long', day: 'numeric' });

/** `14:02`, local. */
export const formatClock = (at: number): string => clock.format(at);
/** `14:02` or `02:02`, without AM and PM: for a narrow place beside times that say it. */
export function formatClockBare(at: number): string {
  const parts = clock.formatToParts(at).filter((part) => part.type !== 'dayPeriod');
  return parts
    .map((part) => part.value)
    .join('')
    .trim();
}
/** `14:02:09`, local. */
export const formatClockSeconds = (at: number): string => clockSeconds.format(at);
/** Day and time in words, local. */
export const formatFull = (at: number): string => full.format(at);
/** For `title`: the exact time in UTC. */
export const formatUtc = (at: number): string => new Date(at).toISOString();

/** Midnight (local) of the day that `at` lies in. */
export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** `Today`, `Yesterday`, or the day in words. */
export function formatDay(at: number, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / day);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? dayThisYear.format(at) : dayWithYear.format(at);
}

/** How long ago: `0.8 s`, `12 s`, `4 min`, `3 h`, `2 d`. Below 10 s with one decimal. */
export function formatAge(milliseconds: number): string {
  const age = Math.max(0, milliseconds);
  if (age < 10_000) return `${(age / 1_000).toFixed(1)} s`;
  if (age < minute) return `${Math.floor(age / 1_000)} s`;
  if (age < hour) return `${Math.floor(age / minute)} min`;
  if (age < day) return `${Math.floor(age / hour)} h`;
  return `${Math.floor(age / day)} d`;
}

/** A length of time: `340 ms`, `1.2 s`, `3 min 20 s`, `4 h 5 min`, `3 d 4 h`. */
export function formatDuration(milliseconds: number): string {
  const time = Math.max(0, milliseconds);
  if (time < 1_000) return `${Math.round(time)} ms`;
  if (time < minute) return `${(time / 1_000).toFixed(1)} s`;
  if (time < hour) return `${Math.floor(time / minute)} min ${Math.floor((time % minute) / 1_000)} s`;
  if (time < day) return `${Math.floor(time / hour)} h ${Math.floor((time % hour) / minute)} min`;
  return `${Math.floor(time / day)} d ${Math.floor((time % day) / hour)} h`;
}
