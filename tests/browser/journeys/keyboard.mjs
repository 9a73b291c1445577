// SPDX-License-Identifier: Apache-2.0
// Tab, Enter and Space only.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts, carp } from '../support/access.mjs';
import { go, visit } from '../support/browser.mjs';
import { tabTo } from '../support/keys.mjs';

for (const path of ['/', '/sign-in', carp]) {
  test(`keyboard: on ${path} the first stop is the skip link, and it leads to the content`, () => visit({}, async (page) => {
    await go(page, path);
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement.classList.contains('skip')));
    const box = await page.locator('.skip').boundingBox();
    assert.ok(box.y >= 0, 'it shows itself');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  }));
}

test('keyboard: every stop of the home page is visible, and none is a trap', () => visit({}, async (page) => {
  await go(page, '/');
  await tabTo(page, '.colophon nav li:last-child a');
}));

test('keyboard: signs in and turns the bureau switch off and on', () => visit({}, async (page) => {
  await go(page, '/sign-in?back=/bureau/plugins');
  await tabTo(page, '#user');
  await page.keyboard.type(accounts.bureau_admin.user);
  await tabTo(page, '#password');
  await page.keyboard.type(accounts.bureau_admin.password);
  await tabTo(page, 'form.sign-in button');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === '/bureau/plugins');
  const off = 'form[action="/bureau/plugins/hello/off"] button, form[action="/bureau/plugins/traceability/off"] button';
  await tabTo(page, off);
  const id = await page.evaluate(() => document.activeElement.form.getAttribute('action').split('/')[3]);
  const on = `form[action="/bureau/plugins/${id}/on"] button`;
  await page.keyboard.press('Space');
  await page.waitForSelector(on);
  await tabTo(page, on);
  await page.keyboard.press('Enter');
  await page.waitForSelector(`form[action="/bureau/plugins/${id}/off"]`);
}));
