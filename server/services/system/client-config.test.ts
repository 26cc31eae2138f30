import { describe, expect, it } from 'vitest';
import { type ClientSettings, fullClientConfig, publicClientConfig } from './client-config.ts';
import { clientConfigKeys } from './testing/client-config-keys.ts';

const settings: ClientSettings = {
  siteName: 'Holdfast',
  siteUrl: '',
  enableUserCreation: true,
  enableOpenServer: true,
  enableDeveloper: false,
  passwordMinimumLength: 8,
  maxNotificationsPerChannel: 1_000,
  userStatusAwayTimeoutSeconds: 300,
  showEmailAddress: true,
  showFullName: false,
  enableFileAttachments: true,
  maxFileSize: 1_000,
  enablePublicLink: false,
  enableUserAccessTokens: false,
  enableBotAccountCreation: false,
  enableCustomEmoji: true,
};
const server = { version: '9.11.0', buildHash: 'abc' };

describe('the client configuration', () => {
  it('has only strings, as Mattermost clients decode it', () => {
    for (const config of [publicClientConfig(settings, server, true), fullClientConfig(settings, server)]) {
      expect(Object.values(config).every((value) => typeof value === 'string')).toBe(true);
    }
  });

  it('is short before sign-in and whole after it', () => {
    const before = publicClientConfig(settings, server, true);
    const after = fullClientConfig(settings, server);
    expect(before).toMatchObject({ SiteName: 'Holdfast', NoAccounts: 'true', Version: '9.11.0' });
    expect(before).not.toHaveProperty('ShowFullName');
    expect(after).toMatchObject({ MaxPostSize: '16383', ShowFullName: 'false', NoAccounts: 'false' });
    expect(Object.keys(after)).toEqual(expect.arrayContaining(Object.keys(before)));
  });

  it('has every key that a client of Mattermost reads after sign-in', () => {
    const keys = Object.keys(fullClientConfig(settings, server));
    expect(clientConfigKeys.filter((key) => !keys.includes(key))).toEqual([]);
    expect(clientConfigKeys.length).toBeGreaterThan(200);
  });
});
