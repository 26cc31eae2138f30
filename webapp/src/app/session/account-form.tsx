import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { User } from '../../../../contract/index.ts';
import { api, AppError, errorText, signIn } from '../../client/index.ts';
import { Banner } from '../../ui/index.ts';
import { useText } from '../texts.ts';

const passwordLength = { min: 8, max: 72 };
const setupCodeRefused = 'api.user.create_user.setup_code.app_error';

interface Account {
  email: string;
  username: string;
  password: string;
  setup_code: string;
}

function useAccountForm() {
  const text = useText();
  return useForm<Account>({
    mode: 'uncontrolled',
    initialValues: { email: '', username: '', password: '', setup_code: '' },
    validate: {
      email: (value) => (/^\S+@\S+\.\S+$/.test(value) ? null : text('account.error.email')),
      username: (value) => (/^[a-z][a-z0-9._-]*$/i.test(value.trim()) ? null : text('account.error.username')),
      password: (value) =>
        value.length >= passwordLength.min && value.length <= passwordLength.max
          ? null
          : text('account.error.password', passwordLength),
    },
  });
}

function useCreateAccount(onDone: (user: User) => void) {
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const [needsCode, setNeedsCode] = useState(false);
  const create = async ({ setup_code, ...account }: Account) => {
    setBusy(true);
    try {
      await api.users.create(setup_code === '' ? account : { ...account, setup_code });
      const user = await api.users.login({ login_id: account.username.trim(), password: account.password });
      signIn(user);
      onDone(user);
    } catch (error) {
      if (error instanceof AppError && error.id === setupCodeRefused) setNeedsCode(true);
      setFailure(errorText(error));
    } finally {
      setBusy(false);
    }
  };
  return { create, failure, busy, needsCode };
}

/** Creates an account and signs in. The set-up code is asked for only when the server wants it. */
export function AccountForm({ submitLabel, onDone }: { submitLabel: string; onDone: (user: User) => void }) {
  const text = useText();
  const form = useAccountForm();
  const { create, failure, busy, needsCode } = useCreateAccount(onDone);
  return (
    <form onSubmit={form.onSubmit((account) => void create(account))} noValidate>
      <Stack>
        <div role="alert">{failure === '' ? null : <Banner tone="bad">{failure}</Banner>}</div>
        <TextInput
          label={text('account.email')}
          type="email"
          autoComplete="email"
          autoFocus
          {...form.getInputProps('email')}
        />
        <TextInput
          label={text('account.username')}
          description={text('account.username.hint')}
          autoComplete="username"
          {...form.getInputProps('username')}
        />
        <PasswordInput
          label={text('account.password')}
          description={text('account.password.hint', passwordLength)}
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        {needsCode ? (
          <TextInput
            label={text('account.setup_code')}
            description={text('account.setup_code.hint')}
            {...form.getInputProps('setup_code')}
          />
        ) : null}
        <Button type="submit" size="md" loading={busy}>
          {submitLabel}
        </Button>
      </Stack>
    </form>
  );
}
