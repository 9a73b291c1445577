// SPDX-License-Identifier: Apache-2.0
// Work that goes on by itself: the operator finds what was given up and has it tried again; a page that is open follows
// its job to the end without a hand, and without scripts by a link. The rows are put in the queue as a plugin would.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { accounts } from '../support/access.mjs';
import { go, phone, visit } from '../support/browser.mjs';
import { assertSound } from '../support/checks.mjs';

const database = join(dirname(process.env.DALATE_ACCESS), 'dalate.db');
const write = `
import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=5) as db: db.execute(sys.argv[2], sys.argv[3:])
`;
function sql(text, ...values) {
  execFileSync('python3', ['-c', write, database, text, ...values]);
}

const inAnHour = () => (Date.now() + 3_600_000) * 1000;
let made = 0;

/// A job of the demo's own plugin that finds nothing to do; its id.
function enqueue({ attempts = 0, due = 0 }) {
  const id = `${Date.now() * 1000 + ++made}`;
  sql(`INSERT INTO job (id, plugin, name, state, owner_user, progress_done, progress_total, attempts, run_after, created_at)
       VALUES (?, 'traceability', 'capture', 'queued', (SELECT id FROM account WHERE login = ?), 420, 1000, ?, ?, ?)`,
    id, accounts.operator.user, attempts, due, Date.now() * 1000);
  return id;
}

test('jobs: what was given up is tried again by the operator', () => visit({ as: 'operator' }, async (page) => {
  const none = await go(page, '/admin/jobs');
  await assertSound(page, 'jobs-none', await none.text());
  const id = enqueue({ attempts: 5 });
  const again = `form[action="/admin/jobs/${id}/replay"] button`;
  for (let tries = 0; tries < 50 && await page.locator(again).count() === 0; ++tries) {
    await page.waitForTimeout(100);
    await go(page, '/admin/jobs');
  }
  assert.match(await page.textContent('main'), /任务开始了 5 次都没有结束/);
  const listed = await page.reload();
  await assertSound(page, 'jobs-dead', await listed.text());
  await page.click(again);
  assert.match(await page.textContent('.notice-success'), /任务已重新排队/);
  assert.equal(await page.locator(again).count(), 0);
  await go(page, `/jobs/${id}`);
  await page.waitForSelector('main .tag-good');
  const done = await page.reload();
  await assertSound(page, 'job-done', await done.text());
}));

test('jobs: an open page follows its job to the end', () => visit({ as: 'operator' }, async (page) => {
  const id = enqueue({ due: inAnHour() });
  const response = await go(page, `/jobs/${id}`);
  await assertSound(page, 'job-waits', await response.text());
  assert.equal(await page.locator('progress').getAttribute('value'), '42');
  sql('UPDATE job SET progress_done = 640 WHERE id = ?', id);
  await page.waitForFunction(() => document.querySelector('progress').value === 64);
  assert.equal(await page.textContent('[data-live-text="done"]'), '640');
  sql('UPDATE job SET run_after = 1 WHERE id = ?', id);
  await page.waitForSelector('main .tag-good');
  assert.match(await page.textContent('main'), /已完成/);
}));

test('jobs: without scripts a link looks again', () => visit({ as: 'operator', viewport: phone, javaScriptEnabled: false }, async (page) => {
  const id = enqueue({ due: inAnHour() });
  await go(page, `/jobs/${id}`);
  assert.match(await page.textContent('main'), /排队中/);
  sql('UPDATE job SET run_after = 1 WHERE id = ?', id);
  for (let tries = 0; tries < 50 && await page.locator('main .tag-good').count() === 0; ++tries) {
    await page.waitForTimeout(100);
    await page.click(`main a[href="/jobs/${id}"]`);
  }
  assert.match(await page.textContent('main'), /已完成/);
}));

test('jobs: nobody else sees them', async () => {
  const id = enqueue({ due: inAnHour() });
  await visit({ as: 'farmer' }, async (page) => {
    await go(page, `/jobs/${id}`, 404);
    await go(page, '/admin/jobs', 404);
  });
  sql('DELETE FROM job WHERE id = ?', id);
});
