import { NativeSelect } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useRef } from 'react';
import { useLiveState } from '../../client/index.ts';
import { type ColorScheme, colorSchemes, StatusBadge, useColorScheme } from '../../ui/index.ts';
import { useText } from '../texts.ts';
import classes from './console-frame.module.css';
import { ConsoleLink } from './console-link.tsx';
import { type ConsolePage, consolePages } from './console-pages.ts';
import { OperationBar } from './operation-bar.tsx';
import { PageSearch } from './page-search.tsx';
import { useGoKeys } from './use-go-keys.ts';

/** The landmarks around every page: banner, navigation, main. `page` is undefined for an address that leads nowhere. */
export function ConsoleFrame({ page, children }: { page: ConsolePage | undefined; children: ReactNode }) {
  const text = useText();
  const main = usePageFocus(page);
  useGoToPages();
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#console-page">
        {text('console.skip')}
      </a>
      <header className={classes.header}>
        <Link to="/" className={classes.back}>
          <ArrowLeft size={18} aria-hidden="true" />
          <span>{text('console.back')}</span>
        </Link>
        <span className={classes.title}>{text('console.title')}</span>
        <PageSearch />
        <Connection />
        <ThemeChoice />
      </header>
      <OperationBar />
      <nav className={classes.nav} aria-label={text('console.title')}>
        <ul>
          {consolePages.map(({ path, icon: Icon }) => (
            <li key={path}>
              <ConsoleLink to={path} current={path === page?.path}>
                <Icon size={18} aria-hidden="true" />
                {text(`console.page.${path}`)}
              </ConsoleLink>
            </li>
          ))}
        </ul>
        <p className={classes.hint}>{text('console.shortcuts')}</p>
      </nav>
      <main className={classes.main} id="console-page" tabIndex={-1} ref={main}>
        {children}
      </main>
    </div>
  );
}

/** A change of the page is a change of the document: its title follows, and reading starts at its top. */
function usePageFocus(page: ConsolePage | undefined) {
  const text = useText();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(page);
  const title = page ? text(`console.page.${page.path}`) : text('console.not_found.title');
  useEffect(() => {
    document.title = text('console.document_title', { page: title });
    if (shown.current === page) return;
    shown.current = page;
    main.current?.focus();
    main.current?.scrollTo(0, 0);
  }, [page, text, title]);
  return main;
}

function useGoToPages(): void {
  const navigate = useNavigate();
  const go = useCallback(
    (key: string) => {
      const page = consolePages.find((each) => each.key === key);
      if (page) void navigate({ to: '/admin_console/$', params: { _splat: page.path } });
    },
    [navigate],
  );
  useGoKeys(go);
}

function Connection() {
  const text = useText();
  const connected = useLiveState((state) => state.connected);
  return (
    <span role="status" aria-label="Connection">
      <StatusBadge tone={connected ? 'good' : 'warning'}>
        {text(connected ? 'console.live' : 'console.polling')}
      </StatusBadge>
    </span>
  );
}

function ThemeChoice() {
  const text = useText();
  const [scheme, choose] = useColorScheme();
  return (
    <NativeSelect
      aria-label={text('console.theme')}
      size="xs"
      value={scheme}
      data={colorSchemes.map(({ value, label }) => ({ value, label }))}
      onChange={(event) => choose(event.currentTarget.value as ColorScheme)}
    />
  );
}
