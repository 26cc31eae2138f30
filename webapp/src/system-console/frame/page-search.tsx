import { Autocomplete } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { settingMessages } from '../messages/settings.ts';
import { type Text, useText } from '../texts.ts';
import classes from './console-frame.module.css';
import { consolePages } from './console-pages.ts';
import { isTyping } from './use-go-keys.ts';

interface Place {
  readonly label: string;
  /** Below `/admin_console`. */
  readonly path: string;
}

const tabs = ['connections', 'history', 'events', 'settings'] as const;
const settingId = /^setting\.([A-Z].*)/;

/** Everything that has a place in the console: pages, views of a page, settings. */
function placesOf(text: Text): Place[] {
  const database = text('console.page.database');
  return [
    ...consolePages.map(({ path }) => ({ label: text(`console.page.${path}`), path })),
    ...tabs.map((tab) => ({ label: `${database} > ${text(`database.tab.${tab}`)}`, path: `database/${tab}` })),
    ...Object.keys(settingMessages).flatMap((id) => {
      const [, name] = settingId.exec(id) ?? [];
      return name === undefined ? [] : [{ label: `SqlSettings > ${name}`, path: 'database/settings' }];
    }),
  ];
}

/** The box in the header that leads to pages and settings; `/` goes there. */
export function PageSearch() {
  const text = useText();
  const navigate = useNavigate();
  const box = useRef<HTMLInputElement>(null);
  const [words, setWords] = useState('');
  const places = useMemo(() => placesOf(text), [text]);
  useSlash(() => box.current?.focus());
  const open = (label: string): void => {
    const place = places.find((each) => each.label === label);
    setWords('');
    box.current?.blur();
    if (place) void navigate({ to: '/admin_console/$', params: { _splat: place.path } });
  };
  return (
    <Autocomplete
      ref={box}
      className={classes.search}
      size="xs"
      aria-label={text('console.search')}
      placeholder={text('console.search')}
      leftSection={<Search size={15} aria-hidden="true" />}
      value={words}
      onChange={setWords}
      data={places.map(({ label }) => label)}
      onOptionSubmit={open}
      selectFirstOptionOnChange
      limit={8}
    />
  );
}

/** Calls `focus` at a `/` outside of text fields and dialogs. */
function useSlash(focus: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      focus();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  });
}
