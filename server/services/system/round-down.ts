/** Keeps the first digit of a count: 4,711 becomes 4,000, and less than ten becomes 0. */
export function roundDown(count: number): number {
  if (count < 10) return 0;
  const unit = 10 ** Math.floor(Math.log10(count));
  return Math.floor(count / unit) * unit;
}
