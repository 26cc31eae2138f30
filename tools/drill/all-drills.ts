import type { Drill } from './drill.ts';
import { masterDrills } from './drills/master-drills.ts';
import { replicaDrills } from './drills/replica-drills.ts';
import { switchDrills } from './drills/switch-drills.ts';
import { systemDrills } from './drills/system-drills.ts';

/** In the order in which they run. */
export const allDrills: readonly Drill[] = [...replicaDrills, ...masterDrills, ...systemDrills, ...switchDrills];
