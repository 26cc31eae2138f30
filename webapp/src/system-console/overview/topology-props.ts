import type { DatabaseStatus } from '../../../../contract/index.ts';
import type { Rates } from '../data/rates.ts';

/** What both views of the topology show. */
export interface TopologyProps {
  readonly status: DatabaseStatus;
  readonly rates: Rates;
  /** Somebody wants the details of the data source of this name. */
  readonly onShow: (name: string) => void;
}
