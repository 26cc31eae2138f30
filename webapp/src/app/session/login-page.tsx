import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { api, errorText, signIn } from '../../client/index.ts';
import { AnchorLink, Banner } from '../../ui/index.ts';
import { useText } from '../texts.ts';
import { CardPage } from './card-page.tsx';
import { safeRedirect } from './safe-redirect.ts';

const route = getRouteApi('/login');

function useSignIn(target: string | undefined) {
  const router = useRouter();
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    try {
      signIn(await api.users.login({ login_id: String(form.get('login_id')), password: String(form.get('password')) }));
      router.history.push(safeRedirect(target));
    } catch (error) {
      setFailure(errorText(error));
      setBusy(false);
    }
  };
  return { submit, failure, busy };
}

export function LoginPage() {
  const text = useText();
  const search = route.useSearch();
  const { submit, failure, busy } = useSignIn(search.redirect);
  return (
    <CardPage title={text('login.title')}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          {search.expired && failure === '' ? <Banner tone="info">{text('login.expired')}</Banner> : null}
          <div role="alert">{failure === '' ? null : <Banner tone="bad">{failure}</Banner>}</div>
          <TextInput
            label={text('login.id')}
            name="login_id"
            autoComplete="username"
            required
            withAsterisk={false}
            autoFocus
          />
          <PasswordInput
            label={text('login.password')}
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
          />
          <Button type="submit" size="md" loading={busy}>
            {text('login.submit')}
          </Button>
          <Text size="sm" ta="center">
            {text('login.no_account')}{' '}
            <AnchorLink to="/signup" search={search.redirect ? { redirect: search.redirect } : {}} underline="always">
              {text('login.create')}
            </AnchorLink>
          </Text>
        </Stack>
      </form>
    </CardPage>
  );
}
