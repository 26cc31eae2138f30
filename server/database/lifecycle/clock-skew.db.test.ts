import { expect, it } from 'vitest';
import { openDatabase } from '../index.ts';
import { describeEngines, openTestDatabase, testSettings } from '../testing/index.ts';

describeEngines('a test of a data source', (engine) => {
  it('compares the clocks of one machine and finds them equal; a dry run does not look at them', async () => {
    const { url, stop } = await openTestDatabase({ engine });
    const settings = testSettings(url);
    const layer = await openDatabase(settings);
    try {
      const [report] = await layer.control.test(settings);
      const text = report?.checks.find(({ name }) => name === 'Clock')?.text ?? '';
      expect(report?.outcome).toBe('passed');
      // Both read the same clock, the layer since its start by a monotonic one: tenths of a second are far from hours.
      expect(text).toMatch(/^Its clock (agrees with|is [\d.]+ ms (ahead of|behind)) this server's/);
      const { reports } = await layer.control.plan(settings);
      expect(reports[0]?.checks.map(({ name }) => name)).not.toContain('Clock');
    } finally {
      await layer.close(1_000);
      await stop();
    }
  });
});
