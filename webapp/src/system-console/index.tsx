import { Anchor } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { Compass, ShieldX } from 'lucide-react';
import { isSystemAdmin, useCurrentUser } from '../client/index.ts';
import { EmptyState } from '../ui/index.ts';
import { useLiveConsole } from './data/use-live-console.ts';
import { ConsoleFrame } from './frame/console-frame.tsx';
import { consolePages } from './frame/console-pages.ts';
import { TextProvider, useText } from './texts.ts';

/** The System Console, below `/admin_console`. */
export function SystemConsole() {
  const user = useCurrentUser();
  return <TextProvider>{isSystemAdmin(user) ? <AdminConsole /> : <Refused />}</TextProvider>;
}

function AdminConsole() {
  const text = useText();
  useLiveConsole();
  const [path, ...rest] = (useParams({ strict: false })._splat ?? '').split('/').filter((part) => part !== '');
  const page = consolePages.find((each) => each.path === path);
  return (
    <ConsoleFrame page={page}>
      {page ? (
        <page.component rest={rest} />
      ) : (
        <>
          <HiddenTitle />
          <EmptyState title={text('console.not_found.title')} icon={Compass}>
            {text('console.not_found.text')}
          </EmptyState>
        </>
      )}
    </ConsoleFrame>
  );
}

// The server refuses every request of the console as well; this only says it in words.
function Refused() {
  const text = useText();
  return (
    <main>
      <HiddenTitle />
      <EmptyState title={text('console.refused.title')} icon={ShieldX}>
        <p>{text('console.refused.text')}</p>
        <Anchor component={Link} to="/">
          {text('console.back')}
        </Anchor>
      </EmptyState>
    </main>
  );
}

/** A page that is not there still needs a heading for those who move by headings. */
function HiddenTitle() {
  const text = useText();
  return <h1 className="visually-hidden">{text('console.title')}</h1>;
}
