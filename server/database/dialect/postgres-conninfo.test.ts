import { describe, expect, it } from 'vitest';
import { testSettings } from '../testing/test-settings.ts';
import { applicationNameOf, examplePlace, literal, withPlace } from './postgres-conninfo.ts';

const { source } = testSettings('postgres://chat:secret@new-host:6432/chat').sources[0];

describe('withPlace', () => {
  it.each([
    ['host=old port=5432 user=r password=p', 'host=new-host port=6432 user=r password=p'],
    ['  user = r  hostaddr=10.0.0.1 ', 'host=new-host port=6432 user=r'],
    ["user=r password='a host=x \\' b' HOST=old", "host=new-host port=6432 user=r password='a host=x \\' b'"],
    ['user=r password=a\\ host=x port=1', 'host=new-host port=6432 user=r password=a\\ host=x'],
    ["user=r password=''", "host=new-host port=6432 user=r password=''"],
  ])('puts another master into %j', (conninfo, expected) => {
    expect(withPlace(conninfo, source)).toBe(expected);
  });

  it.each(['', 'postgres://r:secret@old/x', "user=r password='open secret", 'user=r secret'])(
    'refuses %j without quoting it',
    (conninfo) => {
      expect(() => withPlace(conninfo, source)).toThrow(/^Its primary_conninfo is not written as name=value pairs/);
    },
  );
});

describe('applicationNameOf', () => {
  it.each([
    ['host=old user=r', undefined],
    ['host=old application_name=pg-b user=r', 'pg-b'],
    ["application_name='it\\'s b' host=old", "it's b"],
    ['application_name=a application_name=b', 'b'],
  ])('of %j', (conninfo, expected) => {
    expect(applicationNameOf(conninfo)).toBe(expected);
  });
});

it('shows the place without a secret', () => {
  expect(examplePlace(source)).toMatch(/^host=new-host port=6432 user=<replication user> password=••••/);
});

it('quotes for SQL', () => {
  expect(literal("it's")).toBe("'it''s'");
});
