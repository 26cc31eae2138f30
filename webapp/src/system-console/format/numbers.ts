const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** `0 B`, `812 B`, `1.4 MB`: bytes in steps of 1,024. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `0`, `0.4`, `37`, `1,204`: a rate or a time, with one decimal only where it matters. */
export function formatNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en');
}

/** `0.2 s`, `12 s`: a lag that the database measured. */
export function formatSeconds(seconds: number): string {
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

/** `50 %` of 0.5. */
export function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`;
}
