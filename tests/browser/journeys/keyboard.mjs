// SPDX-License-Identifier: Apache-2.0
// Tab, Enter and Space only.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts, carp } from '../support/access.mjs';
import { go, visit } from '../support/browser.mjs';

/// How the focused element shows itself: its outline against what lies behind it, and whether something covers it.
const focused = () => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  let behind = parseFloat(style.outlineOffset) < 0 ? element : element.parentElement;
  const painted = (e) => { const c = channels(getComputedStyle(e).backgroundColor); return c.length < 4 || c[3] > 0; };
  while (behind.parentElement && !painted(behind)) behind = behind.parentElement;
  const [a, b] = [light(channels(style.outlineColor)), light(channels(getComputedStyle(behind).backgroundColor))];
  const box = element.getBoundingClientRect();
  const on = document.elementFromPoint(box.left + Math.min(box.width / 2, 20), box.top + box.height / 2);
  return {
    what: `${element.tagName.toLowerCase()} ${element.id || element.className || element.textContent.trim().slice(0, 20)}`,
    outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    contrast: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05),
    seen: on !== null && (element.contains(on) || on.contains(element)),
  };
};

/// Presses Tab until an element matching `selector` has the focus; every stop on the way must be visible.
async function tabTo(page, selector) {
  for (let stop = 0; stop < 60; ++stop) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(focused);
    assert.ok(at.outline >= 2, `focus on ${at.what} has an outline`);
    assert.ok(at.contrast >= 3, `focus on ${at.what}: contrast ${at.contrast.toFixed(2)}`);
    assert.ok(at.seen, `focus on ${at.what} is not covered`);
    if (await page.evaluate((s) => document.activeElement.matches(s), selector)) return;
  }
  assert.fail(`Tab does not reach ${selector} on ${page.url()}`);
}

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
