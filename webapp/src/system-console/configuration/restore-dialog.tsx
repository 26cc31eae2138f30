import { Button, Group, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { memo } from 'react';
import { api, errorText } from '../../client/index.ts';
import { Banner, Dialog } from '../../ui/index.ts';
import { consoleKeys } from '../data/queries.ts';
import { useText } from '../texts.ts';
import { shortSha } from './short-sha.ts';
import { VersionChanges } from './version-changes.tsx';

/** The version to be restored, and the content of the file on disk when the admin asked for it. */
export interface RestoreRequest {
  readonly sha: string;
  readonly onDisk: string | null;
  readonly writable: boolean;
}

interface RestoreDialogProps {
  readonly request: RestoreRequest | undefined;
  /** @param done the version that is on disk now; undefined when nothing was done. */
  readonly onEnd: (done?: string) => void;
}

/** The question before a version of the configuration replaces the file on disk. */
export const RestoreDialog = memo(function RestoreDialog({ request, onEnd }: RestoreDialogProps) {
  const text = useText();
  const title = request ? text('configuration.restore.title', { version: shortSha(request.sha) }) : '';
  return (
    <Dialog opened={request !== undefined} onClose={() => onEnd()} title={title} role="alertdialog" size={1080}>
      {request ? <RestoreQuestion request={request} onEnd={onEnd} /> : null}
    </Dialog>
  );
});

interface RestoreQuestionProps {
  readonly request: RestoreRequest;
  readonly onEnd: RestoreDialogProps['onEnd'];
}

/** What a restore would change, and its buttons, within a dialog. */
export function RestoreQuestion({ request, onEnd }: RestoreQuestionProps) {
  const text = useText();
  const client = useQueryClient();
  const { sha, onDisk, writable } = request;
  const restore = useMutation({
    mutationFn: () => api.operations.restoreVersion(sha, { on_disk: onDisk }),
    networkMode: 'always',
    onSuccess: () => onEnd(sha),
    onSettled: () => client.invalidateQueries({ queryKey: consoleKeys.configStatus }),
  });
  return (
    <>
      <Text size="sm" mb="md">
        {text('configuration.restore.effect')}
      </Text>
      <Title order={3} size="h5" mb="xs">
        {text('configuration.restore.differences')}
      </Title>
      <VersionChanges label={text('configuration.restore.differences')} from="running" to={sha} />
      <div role="alert">
        {writable ? null : <Banner tone="bad">{text('configuration.restore.not_writable')}</Banner>}
        {restore.error ? <Banner tone="bad">{errorText(restore.error)}</Banner> : null}
      </div>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={() => onEnd()} data-autofocus>
          {text('configuration.restore.cancel')}
        </Button>
        <Button disabled={!writable} loading={restore.isPending} onClick={() => restore.mutate()}>
          {text('configuration.restore.now')}
        </Button>
      </Group>
    </>
  );
}
