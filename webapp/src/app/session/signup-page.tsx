import { Text } from '@mantine/core';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { AnchorLink } from '../../ui/index.ts';
import { useText } from '../texts.ts';
import { AccountForm } from './account-form.tsx';
import { CardPage } from './card-page.tsx';
import { safeRedirect } from './safe-redirect.ts';

const route = getRouteApi('/signup');

export function SignupPage() {
  const text = useText();
  const router = useRouter();
  const search = route.useSearch();
  return (
    <CardPage title={text('signup.title')}>
      <AccountForm
        submitLabel={text('signup.submit')}
        onDone={() => router.history.push(safeRedirect(search.redirect))}
      />
      <Text size="sm" ta="center" mt="md">
        {text('signup.have_account')}{' '}
        <AnchorLink to="/login" search={search} underline="always">
          {text('signup.sign_in')}
        </AnchorLink>
      </Text>
    </CardPage>
  );
}
