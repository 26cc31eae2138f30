import { afterAll, beforeAll, describe } from 'vitest';
import { describeEngines, type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { analyticsStoreContract } from '../analytics/analytics-store.contract.ts';
import { integrityStoreContract } from '../integrity/integrity-store.contract.ts';
import { jobStoreContract } from '../jobs/job-store.contract.ts';
import { auditStoreContract } from './audit-store.contract.ts';

describeEngines('Administration', (engine) => {
  let opened: OpenTestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase({ engine });
  });
  afterAll(() => opened?.stop());

  describe('audits', () => auditStoreContract(() => opened.database));
  describe('jobs', () => jobStoreContract(() => opened.database));
  describe('integrity', () => integrityStoreContract(() => opened.database));
  describe('figures', () => analyticsStoreContract(() => opened.database));
});
