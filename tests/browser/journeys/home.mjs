// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from '../support/access.mjs';
import { go, visit } from '../support/browser.mjs';

test('home: a ribbon says that it is a demo, and every role signs in with one click', async (t) => {
  let offered = [];
  await visit({}, async (page) => {
    await go(page, '/');
    assert.match(await page.textContent('.ribbon'), /演示/);
    offered = await page.$$eval('.person', (buttons) => buttons.map((b) => b.value));
    assert.deepEqual([...offered].sort(), Object.keys(accounts).sort(), 'a button a role');
  });
  for (const role of offered) {
    await t.test(role, () => visit({}, async (page) => {
      await go(page, '/');
      await page.click(`.person[value="${role}"]`);
      await page.waitForSelector('.who');
      assert.ok((await page.textContent('.who')).trim().length > 1, 'the header names her');
      await page.click('form[action="/sign-out"] button');
      await page.waitForSelector('.confirmation');
    }));
  }
});

test('home: a tile has its live number', () => visit({}, async (page) => {
  await go(page, '/');
  const tile = page.locator('.tiles li').filter({ has: page.locator('a[href="/traceability"], a[href="/traceability/"]') });
  const count = (await tile.locator('.tile-count').textContent()).trim();
  assert.match(count, /^\d{1,3}(,\d{3})+ /, 'as many as the year of the demo has');
  assert.ok(await page.locator('.tiles .tile-count').count() >= 2, 'and the sample plugin too');
}));

test('sign-in: a wrong password is refused with a summary, and the name is kept', () => visit({}, async (page) => {
  await go(page, '/sign-in?back=/');
  await page.fill('#user', accounts.farmer.user);
  await page.fill('#password', 'not the password');
  const [answer] = await Promise.all([page.waitForResponse((r) => r.request().method() === 'POST'), page.click('form.sign-in button')]);
  await page.waitForSelector('.summary-wrong');
  assert.equal(answer.status(), 422);
  assert.match(await page.title(), /^错误/);
  assert.equal(await page.inputValue('#user'), accounts.farmer.user);
  assert.equal(await page.inputValue('#password'), '');
  assert.equal(await page.getAttribute('#user', 'aria-invalid'), 'true');
}));
