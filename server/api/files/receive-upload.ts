import type { IncomingMessage } from 'node:http';
import type { UploadedFiles } from '../../../contract/index.ts';
import { limits } from '../../../contract/index.ts';
import type { Caller, ReceivedFile, ReceiveFiles } from '../../services/index.ts';
import { announcedBytes, bytesOf, invalidBodyParam, invalidUrlParam, readForm } from '../http/index.ts';

const ID = /^[a-z0-9]{26}$/;
const FORM_OVERHEAD = 1_048_576;

/** `POST /files` as a form: fields `channel_id` and `client_ids`, any number of files. */
export async function receiveForm(
  receiving: ReceiveFiles,
  caller: Caller,
  input: { readonly query: URLSearchParams; readonly incoming: IncomingMessage },
): Promise<UploadedFiles> {
  const { query, incoming } = input;
  receiving.checkSize((announcedBytes(incoming) - FORM_OVERHEAD) / limits.filesMax);
  const received: Promise<ReceivedFile>[] = [];
  const clientIds: string[] = [];
  let channelId = query.get('channel_id') ?? '';
  let checked: Promise<void> | undefined;
  const check = (): Promise<void> => (checked ??= checkChannel(receiving, caller, channelId));

  try {
    await readForm(incoming, {
      field(name, value) {
        if (name === 'channel_id') channelId = value;
        if (name === 'client_ids') clientIds.push(value);
      },
      async file(_name, filename, bytes) {
        // The channel may stand behind the files; then its rights are asked for when they are there.
        if (channelId !== '') await check();
        const file = receiving.receive(caller, filename, bytes);
        received.push(file);
        await file;
      },
    });
    await check();
    if (received.length === 0) throw invalidBodyParam('files');
    const infos = await receiving.finish(caller, await Promise.all(received), channelId);
    return { file_infos: infos, client_ids: clientIds };
  } catch (error) {
    const settled = await Promise.allSettled(received);
    const kept = settled.filter((one) => one.status === 'fulfilled').map((one) => one.value);
    await receiving.discard(caller, kept);
    throw error;
  }
}

async function checkChannel(receiving: ReceiveFiles, caller: Caller, channelId: string): Promise<void> {
  if (!ID.test(channelId)) throw invalidBodyParam('channel_id');
  await receiving.check(caller, channelId);
}

/** `POST /files?channel_id=&filename=`: the body is the file. */
export async function receiveBody(
  receiving: ReceiveFiles,
  caller: Caller,
  input: { readonly query: URLSearchParams; readonly incoming: IncomingMessage },
): Promise<UploadedFiles> {
  const { query, incoming } = input;
  const channelId = query.get('channel_id') ?? '';
  const filename = query.get('filename') ?? '';
  if (!ID.test(channelId)) throw invalidUrlParam('channel_id');
  if (filename === '') throw invalidUrlParam('filename');
  receiving.checkSize(announcedBytes(incoming));
  await receiving.check(caller, channelId);
  const file = await receiving.receive(caller, filename, bytesOf(incoming));
  return { file_infos: await receiving.finish(caller, [file], channelId), client_ids: query.getAll('client_id') };
}
