import { useEffect, useState } from 'react';

/** The time (ms), renewed every `step` ms: for ages and days that must not go stale on an open page. */
export function useClock(step = 60_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), step);
    return () => clearInterval(timer);
  }, [step]);
  return now;
}
