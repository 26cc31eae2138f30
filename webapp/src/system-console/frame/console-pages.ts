import { Database, Gauge, type LucideIcon, ScrollText, SlidersHorizontal } from 'lucide-react';
import type { ComponentType } from 'react';
import { ConfigurationPage } from '../configuration/configuration-page.tsx';
import { DatabasePage } from '../database/database-page.tsx';
import { LogsPage } from '../logs/logs-page.tsx';
import { OverviewPage } from '../overview/overview-page.tsx';
import type { ConsolePageProps } from './console-page-props.ts';

export interface ConsolePage {
  /** First part of the address below `/admin_console`. */
  readonly path: 'overview' | 'configuration' | 'database' | 'server_logs';
  readonly icon: LucideIcon;
  /** The key that opens the page after `g`. */
  readonly key: string;
  readonly component: ComponentType<ConsolePageProps>;
}

/** The pages in the order of the sidebar. A new page is one more entry here, and its title in `messages/frame.ts`. */
export const consolePages: readonly ConsolePage[] = [
  { path: 'overview', icon: Gauge, key: 'o', component: OverviewPage },
  { path: 'configuration', icon: SlidersHorizontal, key: 'c', component: ConfigurationPage },
  { path: 'database', icon: Database, key: 'd', component: DatabasePage },
  { path: 'server_logs', icon: ScrollText, key: 'l', component: LogsPage },
];
