import { useEffect, useState } from 'react';
import type { DatabaseStatus } from '../../../../contract/index.ts';
import { type Rates, type RateSample, ratesOf, sampleOf, withSample } from './rates.ts';

/** Rates over the last ten seconds, from the counters that this page has seen. `at` is when `status` arrived. */
export function useRates(status: DatabaseStatus | undefined, at: number): Rates {
  const [samples, setSamples] = useState<readonly RateSample[]>([]);
  useEffect(() => {
    if (status) setSamples((before) => withSample(before, sampleOf(status, at)));
  }, [status, at]);
  return ratesOf(samples);
}
