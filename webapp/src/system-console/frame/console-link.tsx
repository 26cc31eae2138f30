import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

interface ConsoleLinkProps {
  /** Below `/admin_console`, e.g. `database/events`. */
  readonly to: string;
  /** Whether it leads to the page that is open. */
  readonly current?: boolean;
  readonly children: ReactNode;
}

/** A link to a page of the console. */
export function ConsoleLink({ to, current = false, children }: ConsoleLinkProps) {
  return (
    <Link to="/admin_console/$" params={{ _splat: to }} {...(current ? { 'aria-current': 'page' as const } : {})}>
      {children}
    </Link>
  );
}
